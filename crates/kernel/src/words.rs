//! The words of a face in one language, from a locale file: `[group]` tables of `key = "text"`, named `group.key`.
//!
//! Each crate that speaks to people embeds its own two files as one [`Wording`]; [`Wording::faults`] and
//! [`Words::unknown_keys`] are what its tests hold them against.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::Lang;

/// The words of a face in both languages, each read when it is first spoken.
pub struct Wording {
    zh: LazyLock<Words, Reading>,
    en: LazyLock<Words, Reading>,
}

/// Reads one language; it is given as a closure that names the file.
type Reading = fn() -> Words;

impl Wording {
    /// Words that are read as these two say; [`wording!`](crate::wording) writes them.
    #[must_use]
    pub const fn new(zh: Reading, en: Reading) -> Self {
        Self {
            zh: LazyLock::new(zh),
            en: LazyLock::new(en),
        }
    }

    /// The words of a language.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &Words {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// What differs between the languages ([`Words::faults`]), and files that hold no words at all.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let empty = [Lang::Zh, Lang::En]
            .into_iter()
            .filter(|lang| self.of(*lang).keys().next().is_none());
        let mut faults: Vec<String> = empty.map(|lang| format!("no words in {lang}")).collect();
        faults.extend(self.of(Lang::Zh).faults(self.of(Lang::En)));
        faults
    }
}

/// The words of a face from its two locale files, `wording!("…/web.zh.toml", "…/web.en.toml")`, for a `static`.
#[macro_export]
macro_rules! wording {
    ($zh:literal, $en:literal) => {
        $crate::Wording::new(
            || $crate::Words::parse($crate::Lang::Zh, include_str!($zh)),
            || $crate::Words::parse($crate::Lang::En, include_str!($en)),
        )
    };
}

/// The words of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    lang: Lang,
    entries: BTreeMap<String, String>,
}

impl Words {
    /// Reads a locale file. One that is no TOML has no words; the test of its crate says so.
    #[must_use]
    pub fn parse(lang: Lang, source: &str) -> Self {
        let table: toml::Table = source.parse().unwrap_or_default();
        let mut entries = BTreeMap::new();
        for (group, value) in &table {
            for (key, text) in value.as_table().into_iter().flatten() {
                if let Some(text) = text.as_str() {
                    entries.insert(format!("{group}.{key}"), text.to_owned());
                }
            }
        }
        Self { lang, entries }
    }

    /// The language of these words.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of `key`; a missing key gives the key itself, so that a page still shows what is meant.
    #[must_use]
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.entries.get(key).map_or(key, String::as_str)
    }

    /// The text of `key` with `{name}` replaced by each value.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let start = self.get(key).to_owned();
        values.iter().fold(start, |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// Every key, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Keys that only one of two languages has, and texts whose `{names}` differ.
    #[must_use]
    pub fn faults(&self, other: &Self) -> Vec<String> {
        let mut faults: Vec<String> = other
            .keys()
            .filter(|key| !self.entries.contains_key(*key))
            .map(|key| format!("{key}: not in {}", self.lang))
            .collect();
        for (key, text) in &self.entries {
            match other.entries.get(key) {
                None => faults.push(format!("{key}: not in {}", other.lang)),
                Some(wording) if names(wording) != names(text) => {
                    faults.push(format!("{key}: other {{names}} in {}", other.lang));
                }
                Some(_) => {}
            }
        }
        faults
    }

    /// Keys that a template or source names as `get("group.key")` or `fill("group.key"` and that have no words.
    #[must_use]
    pub fn unknown_keys(&self, source: &str) -> Vec<String> {
        ["get(\"", "fill(\""]
            .into_iter()
            .flat_map(|start| source.split(start).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|key| key.contains('.') && !self.entries.contains_key(*key))
            .map(str::to_owned)
            .collect()
    }
}

/// The `{names}` of a text, each once, sorted.
fn names(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zh() -> Words {
        Words::parse(Lang::Zh, "[a]\nb = \"共 {n} 个\"\nc = \"县\"")
    }

    #[test]
    fn a_text_is_filled_by_name_and_a_missing_one_is_its_key() {
        assert_eq!(zh().fill("a.b", &[("n", "3")]), "共 3 个");
        assert_eq!(zh().get("a.none"), "a.none");
    }

    #[test]
    fn a_missing_key_and_a_lost_name_are_found() {
        let en = Words::parse(Lang::En, "[a]\nb = \"all of them\"\nd = \"x\"");
        let faults = zh().faults(&en);
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(zh().faults(&zh()), Vec::<String>::new());
    }

    #[test]
    fn a_face_speaks_both_languages_or_its_faults_are_found() {
        let both = Wording::new(zh, || {
            Words::parse(Lang::En, "[a]\nb = \"{n} in all\"\nc = \"county\"")
        });
        assert_eq!(both.of(Lang::En).get("a.c"), "county");
        assert_eq!(both.faults(), Vec::<String>::new());
        let half = Wording::new(zh, || Words::parse(Lang::En, "no TOML"));
        assert_eq!(half.faults()[0], "no words in en");
    }

    #[test]
    fn a_key_without_words_is_found_in_a_template() {
        let source = r#"{{ w.get("a.b") }} {{ w.get("a.z") }} map.get("plain") w.fill("a.y", &[])"#;
        assert_eq!(zh().unknown_keys(source), ["a.z", "a.y"]);
    }
}
