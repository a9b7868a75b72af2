//! The words of the API's document and page, from `locales/api.zh.toml` and `locales/api.en.toml`.

use kernel::Wording;

/// The words of the API.
pub(super) static WORDS: Wording = kernel::wording!(
    "../../../../locales/api.zh.toml",
    "../../../../locales/api.en.toml"
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::Lang;

    use super::super::params::LANG;
    use super::super::table::ENDPOINTS;
    use super::*;

    #[test]
    fn every_endpoint_and_parameter_has_words_in_both_languages_and_no_word_is_left_over() {
        assert_eq!(WORDS.faults(), Vec::<String>::new());
        let params = ENDPOINTS
            .iter()
            .flat_map(|endpoint| endpoint.params)
            .chain([&LANG]);
        let mut wanted: BTreeSet<String> = params.map(|param| format!("param.{}", param.about)).collect();
        wanted.extend(ENDPOINTS.iter().map(|endpoint| format!("op.{}", endpoint.id)));
        let known: BTreeSet<String> = WORDS
            .of(Lang::Zh)
            .keys()
            .filter(|key| !key.starts_with("page."))
            .map(str::to_owned)
            .collect();
        assert_eq!(known, wanted);
    }
}
