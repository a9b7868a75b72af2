//! Forms as data: what was typed, what is wrong at which field, and what is wrong as a whole. Templates only print it.

use kernel::{Lang, Refusal};

use crate::page::Page;

/// What a form or a query brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `a=1&b=2`. What is not UTF-8 is replaced; nothing is refused here.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// Fields as if these had been typed.
    #[must_use]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self(owned.collect())
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(other, _)| other == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The first value of a name; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map_or("", |(_, value)| value)
    }
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// One field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Name and id.
    pub name: &'static str,
    /// `text`, `number`, `date`, …; not asked where there are choices.
    pub kind: &'static str,
    /// What it asks for.
    pub label: String,
    /// How to answer; may be empty.
    pub hint: String,
    /// What was typed.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What the browser may fill in, by the names of HTML; may be empty.
    pub autocomplete: &'static str,
    /// What may be chosen: the value and its words. Where there are none, it is typed.
    pub choices: Vec<(String, String)>,
}

impl Field {
    /// A field whose label and hint are words of the page; a hint without a key is none. The browser fills nothing in.
    #[must_use]
    pub(crate) fn asked(
        page: &Page,
        name: &'static str,
        kind: &'static str,
        (label, hint): (&str, &str),
    ) -> Self {
        Self {
            name,
            kind,
            label: page.w.get(label).to_owned(),
            hint: if hint.is_empty() {
                String::new()
            } else {
                page.w.get(hint).to_owned()
            },
            autocomplete: "off",
            ..Self::default()
        }
    }
}

/// A form as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// What is wrong as a whole.
    pub errors: Vec<String>,
}

impl FormState {
    /// A form with what was typed so far.
    #[must_use]
    pub fn new(mut fields: Vec<Field>, typed: &Fields) -> Self {
        // A password is never sent back.
        for field in fields.iter_mut().filter(|field| field.kind != "password") {
            typed.get(field.name).clone_into(&mut field.value);
        }
        Self {
            fields,
            errors: Vec::new(),
        }
    }

    /// Puts a refusal at the field it names, else at the form.
    pub fn refuse(&mut self, refusal: &Refusal, lang: Lang) {
        let named = refusal.at.as_deref();
        match self.fields.iter_mut().find(|field| Some(field.name) == named) {
            // It stands at the field, so it need not say which.
            Some(field) => {
                let mut unnamed = refusal.clone();
                unnamed.at = None;
                field.error = Some(unnamed.message(lang));
            }
            None => self.errors.push(refusal.message(lang)),
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.errors.is_empty() && self.fields.iter().all(|field| field.error.is_none())
    }

    /// What is wrong at fields: the field and the sentence, for the summary that links to them.
    pub fn faults(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields
            .iter()
            .filter_map(|field| Some((field.name, field.error.as_deref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Fault;

    #[test]
    fn a_form_keeps_what_was_typed_and_puts_a_refusal_at_its_field() {
        let field = |name| Field {
            name,
            ..Field::default()
        };
        let typed = Fields::parse("weight=12x&day=%E5%8E%BF".as_bytes());
        let mut form = FormState::new(vec![field("weight"), field("day")], &typed);
        assert!(form.is_good());
        form.refuse(&Refusal::new("x.y", Fault::Refused).at("weight"), Lang::Zh);
        form.refuse(&Refusal::new("x.z", Fault::Refused).at("nowhere"), Lang::Zh);
        assert_eq!(form.fields[0].value, "12x");
        assert_eq!(form.fields[1].value, "县");
        assert_eq!(form.faults().collect::<Vec<_>>(), [("weight", "x.y")]);
        assert_eq!(form.errors, ["x.z"]);
    }
}
