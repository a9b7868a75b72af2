//! The words of the pages and sheets, from one locale file per language.
//!
//! `locales/report.zh.toml` and `locales/report.en.toml` hold the same keys; a test compares them, and another
//! looks up every key that a template names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::Lang;

static ZH: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::Zh, include_str!("../../../locales/report.zh.toml")));
static EN: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::En, include_str!("../../../locales/report.en.toml")));

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    lang: Lang,
    entries: BTreeMap<String, String>,
}

impl Words {
    /// The words of `lang`.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
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

    fn parse(lang: Lang, source: &str) -> Self {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> Vec<String> {
        let mut found: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        assert!(!ZH.entries.is_empty() && !EN.entries.is_empty());
        let keys = |words: &Words| words.entries.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&ZH), keys(&EN));
        for (key, text) in &ZH.entries {
            assert_eq!(placeholders(text), placeholders(EN.get(key)), "{key}");
        }
    }

    #[test]
    fn every_key_a_template_names_has_words() {
        let sources = [
            include_str!("../templates/_base.html"),
            include_str!("../templates/_card.html"),
            include_str!("../templates/_picture.html"),
            include_str!("../templates/_rows.html"),
            include_str!("../templates/index.html"),
            include_str!("../templates/figure.html"),
            include_str!("html.rs"),
            include_str!("html/views.rs"),
            include_str!("html/pictures.rs"),
            include_str!("xlsx.rs"),
        ];
        for source in sources {
            for start in ["get(\"", "fill(\""] {
                for rest in source.split(start).skip(1) {
                    let key = rest.split('"').next().unwrap_or_default();
                    if key.contains('.') {
                        assert!(ZH.entries.contains_key(key), "no words for {key}");
                    }
                }
            }
        }
    }
}
