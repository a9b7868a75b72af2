//! The language of an address: Chinese at `/…`, English at `/en/…`.

use kernel::Lang;

/// The part before English addresses.
pub(crate) const ENGLISH: &str = "/en";

/// The language of a path and the path without it.
pub(crate) fn of_path(path: &str) -> (Lang, &str) {
    match path.strip_prefix(ENGLISH) {
        Some("") => (Lang::En, "/"),
        Some(rest) if rest.starts_with('/') => (Lang::En, rest),
        _ => (Lang::Zh, path),
    }
}

/// A local path in a language.
pub(crate) fn href(lang: Lang, path: &str) -> String {
    match lang {
        Lang::Zh => path.to_owned(),
        Lang::En if path == "/" => ENGLISH.to_owned(),
        Lang::En => format!("{ENGLISH}{path}"),
    }
}

/// The other language.
pub(crate) fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_place_in_the_other_language() {
        for (path, lang, rest) in [
            ("/", Lang::Zh, "/"),
            ("/en", Lang::En, "/"),
            ("/en/", Lang::En, "/"),
            ("/en/figures/a.b", Lang::En, "/figures/a.b"),
            ("/english", Lang::Zh, "/english"),
        ] {
            assert_eq!(of_path(path), (lang, rest));
        }
        assert_eq!(href(Lang::En, "/figures"), "/en/figures");
        assert_eq!(href(Lang::En, "/"), "/en");
    }
}
