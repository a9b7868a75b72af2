//! The words of the API's document and page, from `locales/api.zh.toml` and `locales/api.en.toml`.

use std::sync::LazyLock;

use kernel::{Lang, Words};

static ZH: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::Zh, include_str!("../../../../locales/api.zh.toml")));
static EN: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::En, include_str!("../../../../locales/api.en.toml")));

/// The words of a language.
pub(super) fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::params::LANG;
    use super::super::table::ENDPOINTS;
    use super::*;

    #[test]
    fn every_endpoint_and_parameter_has_words_in_both_languages_and_no_word_is_left_over() {
        assert_eq!(ZH.faults(&EN), Vec::<String>::new());
        let params = ENDPOINTS
            .iter()
            .flat_map(|endpoint| endpoint.params)
            .chain([&LANG]);
        let mut wanted: BTreeSet<String> = params.map(|param| format!("param.{}", param.about)).collect();
        wanted.extend(ENDPOINTS.iter().map(|endpoint| format!("op.{}", endpoint.id)));
        let known: BTreeSet<String> = ZH
            .keys()
            .filter(|key| !key.starts_with("page."))
            .map(str::to_owned)
            .collect();
        assert_eq!(known, wanted);
    }
}
