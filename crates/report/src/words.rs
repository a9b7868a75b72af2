//! The words of the pages and sheets, from one locale file per language.

use kernel::Wording;

/// The words of the report.
pub static WORDS: Wording = kernel::wording!(
    "../../../locales/report.zh.toml",
    "../../../locales/report.en.toml"
);

#[cfg(test)]
mod tests {
    use kernel::Lang;

    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_names() {
        assert_eq!(WORDS.faults(), Vec::<String>::new());
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
            assert_eq!(WORDS.of(Lang::Zh).unknown_keys(source), Vec::<String>::new());
        }
    }
}
