//! What an author says, in one language or in several, and the attributes that are said of an element.

/// A text in one language or in several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// Of no said language.
    Plain(String),
    /// By language, in the order of the columns.
    Translated(Vec<(String, String)>),
}

impl Text {
    /// The text where it is of no said language.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Plain(text) => Some(text),
            Self::Translated(_) => None,
        }
    }

    /// Whether it is said in several languages, or in one by name.
    pub fn is_translated(&self) -> bool {
        matches!(self, Self::Translated(_))
    }

    /// Each language with the text; a text of no said language is one of the default language.
    pub fn by_language<'a>(&'a self, default: &'a str) -> Vec<(&'a str, &'a str)> {
        match self {
            Self::Plain(text) => vec![(default, text)],
            Self::Translated(texts) => texts
                .iter()
                .map(|(language, text)| (language.as_str(), text.as_str()))
                .collect(),
        }
    }

    /// The same with every text changed.
    pub fn map(&self, mut change: impl FnMut(&str) -> String) -> Self {
        match self {
            Self::Plain(text) => Self::Plain(change(text)),
            Self::Translated(texts) => Self::Translated(
                texts
                    .iter()
                    .map(|(language, text)| (language.clone(), change(text)))
                    .collect(),
            ),
        }
    }

    /// Adds what a column says, in a language or in none. The text of the default language that is named as such wins
    /// over the one of no said language.
    pub fn say(slot: &mut Option<Self>, language: Option<&str>, text: String, default: &str) {
        let said = match (slot.take(), language) {
            (Some(Self::Translated(mut texts)), language) => {
                let named = language.unwrap_or(default);
                match texts.iter_mut().find(|(other, _)| other == named) {
                    Some(_) if language.is_none() => {}
                    Some((_, old)) => *old = text,
                    None => texts.push((named.to_owned(), text)),
                }
                Self::Translated(texts)
            }
            (Some(Self::Plain(old)), Some(language)) if language != default => {
                Self::Translated(vec![(default.to_owned(), old), (language.to_owned(), text)])
            }
            (_, Some(language)) => Self::Translated(vec![(language.to_owned(), text)]),
            (_, None) => Self::Plain(text),
        };
        *slot = Some(said);
    }
}

/// Attributes by name, in the order they were said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<(String, Text)>);

impl Attributes {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&Text> {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
    }

    /// One of them, where it is of no said language.
    pub fn plain(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Text::plain)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets one.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = Text::Plain(value.into());
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Adds what a column says.
    pub fn say(&mut self, name: &str, language: Option<&str>, text: String, default: &str) {
        let at = self.0.iter().position(|(other, _)| other == name);
        let mut slot = at.and_then(|at| self.0.get(at)).map(|(_, value)| value.clone());
        Text::say(&mut slot, language, text, default);
        match (at.and_then(|at| self.0.get_mut(at)), slot) {
            (Some((_, old)), Some(value)) => *old = value,
            (None, Some(value)) => self.0.push((name.to_owned(), value)),
            _ => {}
        }
    }

    /// Changes every text.
    pub fn map(&self, mut change: impl FnMut(&str) -> String) -> Self {
        Self(
            self.0
                .iter()
                .map(|(name, value)| (name.clone(), value.map(&mut change)))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_no_language_is_of_the_default_language_unless_that_is_said_itself() {
        let said = |parts: &[(Option<&str>, &str)]| {
            let mut slot = None;
            for (language, text) in parts {
                Text::say(&mut slot, *language, (*text).to_owned(), "en");
            }
            slot.unwrap()
        };
        let translated = |texts: &[(&str, &str)]| {
            Text::Translated(
                texts
                    .iter()
                    .map(|(language, text)| ((*language).to_owned(), (*text).to_owned()))
                    .collect(),
            )
        };
        assert_eq!(said(&[(None, "a")]), Text::Plain("a".to_owned()));
        assert_eq!(
            said(&[(None, "a"), (Some("fr"), "b")]),
            translated(&[("en", "a"), ("fr", "b")])
        );
        assert_eq!(
            said(&[(None, "a"), (Some("en"), "b")]),
            translated(&[("en", "b")])
        );
        assert_eq!(
            said(&[(Some("fr"), "b"), (None, "a")]),
            translated(&[("fr", "b"), ("en", "a")])
        );
        assert_eq!(
            said(&[(Some("en"), "b"), (None, "a")]),
            translated(&[("en", "b")])
        );
    }
}
