//! The words of the pages and sheets, from one locale file per language.
//!
//! `locales/report.zh.toml` and `locales/report.en.toml` hold the same keys; a test compares them, and another
//! looks up every key that a template names.

use std::ops::Deref;
use std::sync::LazyLock;

use kernel::Lang;

static ZH: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::Zh, include_str!("../../../locales/report.zh.toml")));
static EN: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::En, include_str!("../../../locales/report.en.toml")));

/// The words of the report in one language.
#[derive(Debug)]
pub struct Words(kernel::Words);

impl Words {
    /// The words of `lang`.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    fn parse(lang: Lang, source: &str) -> Self {
        Self(kernel::Words::parse(lang, source))
    }
}

impl Deref for Words {
    type Target = kernel::Words;

    fn deref(&self) -> &kernel::Words {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        assert!(ZH.keys().next().is_some());
        assert_eq!(ZH.faults(&EN), Vec::<String>::new());
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
            assert_eq!(ZH.unknown_keys(source), Vec::<String>::new());
        }
    }
}
