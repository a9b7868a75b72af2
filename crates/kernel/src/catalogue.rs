//! The catalogue of messages: one entry for each refusal code, in Chinese and English.
//!
//! `locales/errors.toml` is embedded. A template names what it needs in braces: `{at}`, `{value}` or a fact of the
//! refusal. A piece in square brackets is left out when a word in it is not known: `[{at}: ]"{value}" is no date`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::Lang;

static SOURCE: &str = include_str!("../../../locales/errors.toml");

static ENTRIES: LazyLock<BTreeMap<String, Entry>> =
    LazyLock::new(|| toml::from_str(SOURCE).unwrap_or_default());

/// What is said about one code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    zh: String,
    en: String,
    advice_zh: Option<String>,
    advice_en: Option<String>,
}

impl Entry {
    /// The template of the message.
    pub fn message(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The template of the advice, when there is any.
    pub fn advice(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Zh => self.advice_zh.as_deref(),
            Lang::En => self.advice_en.as_deref(),
        }
    }
}

/// The entry of a code.
pub fn find(code: &str) -> Option<&'static Entry> {
    ENTRIES.get(code)
}

/// What a code says where nothing else is known than the code; the code itself where it is not in the catalogue.
pub fn say(code: &str, lang: Lang) -> String {
    find(code).map_or_else(|| code.to_owned(), |entry| fill(entry.message(lang), |_| None))
}

/// Every code with its entry, sorted by code: the source of the page of error codes.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Entry)> {
    ENTRIES.iter().map(|(code, entry)| (code.as_str(), entry))
}

/// Fills a template. An unknown word leaves out the bracketed piece it stands in, or stands as `…` outside one.
pub(crate) fn fill<'a>(template: &str, word: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('[') {
        let (before, piece) = rest.split_at(start);
        let Some(end) = piece.find(']') else { break };
        text.push_str(&fill_piece(before, &word).0);
        let inner = piece.get(1..end).unwrap_or_default();
        if inner.contains('{') {
            let (filled, complete) = fill_piece(inner, &word);
            if complete {
                text.push_str(&filled);
            }
        } else {
            text.push_str(piece.get(..=end).unwrap_or_default());
        }
        rest = piece.get(end + 1..).unwrap_or_default();
    }
    text.push_str(&fill_piece(rest, &word).0);
    text
}

/// Fills a piece without brackets and says whether every word was known.
fn fill_piece<'a>(template: &str, word: &impl Fn(&str) -> Option<&'a str>) -> (String, bool) {
    let mut text = String::new();
    let mut complete = true;
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        let value = word(name);
        complete &= value.is_some();
        text.push_str(value.unwrap_or("…"));
        rest = behind;
    }
    text.push_str(rest);
    (text, complete)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_well_formed_and_says_every_message_twice() {
        let entries: BTreeMap<String, Entry> = toml::from_str(SOURCE).unwrap();
        for (code, entry) in &entries {
            assert!(code.split('.').count() == 2, "{code}: a code is module.rule");
            assert!(
                !entry.zh.trim().is_empty() && !entry.en.trim().is_empty(),
                "{code}: a message is empty"
            );
            assert_eq!(
                entry.advice_zh.is_some(),
                entry.advice_en.is_some(),
                "{code}: advice in one language"
            );
            assert!(
                entry.zh.chars().any(|c| c >= '\u{4e00}'),
                "{code}: no Chinese in the Chinese message"
            );
            assert_eq!(
                words(&entry.zh),
                words(&entry.en),
                "{code}: the two messages name different facts"
            );
        }
        assert_eq!(all().count(), entries.len());
    }

    fn words(template: &str) -> std::collections::BTreeSet<&str> {
        template
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn a_bracketed_piece_is_left_out_when_its_word_is_unknown() {
        let word = |name: &str| match name {
            "value" => Some("x"),
            "hostile" => Some("{value}[]"),
            _ => None,
        };
        assert_eq!(fill("[{at}: ]\"{value}\" is no date", word), "\"x\" is no date");
        assert_eq!(fill("[<{value}>] and {at}", word), "<x> and …");
        assert_eq!(fill("a [b] {value", word), "a [b] {value");
        assert_eq!(fill("{hostile}", word), "{value}[]");
        assert_eq!(fill("open [ {value}", word), "open [ x");
    }
}
