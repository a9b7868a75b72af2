//! The words of the pages, from `locales/web.zh.toml` and `locales/web.en.toml`.

use std::sync::LazyLock;

use kernel::{Lang, Words};

static ZH: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::Zh, include_str!("../../../locales/web.zh.toml")));
static EN: LazyLock<Words> =
    LazyLock::new(|| Words::parse(Lang::En, include_str!("../../../locales/web.en.toml")));

/// The words of a language.
pub(crate) fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn both_languages_have_the_same_keys_and_names() {
        assert!(ZH.keys().next().is_some());
        assert_eq!(ZH.faults(&EN), Vec::<String>::new());
    }

    #[test]
    fn every_key_a_page_names_has_words_and_every_word_is_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = String::new();
        for folder in ["src", "templates"] {
            gather(&root.join(folder), &mut sources);
        }
        // The words of the report and of the API have files and tests of their own.
        let own: String = ["r", "a"].iter().fold(sources, |own, other| {
            own.replace(&format!("{other}.get("), "")
                .replace(&format!("{other}.fill("), "")
        });
        // A route, not a word.
        let own = own.replace(".get(\"/", "");
        assert_eq!(ZH.unknown_keys(&own), Vec::<String>::new());
        // Keys put together from a name: `theme.dark`, `state.holds`.
        let composed = [
            "action.", "theme.", "state.", "nav.", "kind.", "role.", "scope.", "outcome.", "means.",
        ];
        let unused: Vec<&str> = ZH
            .keys()
            .filter(|key| !composed.iter().any(|start| key.starts_with(start)))
            .filter(|key| !own.contains(&format!("\"{key}\"")))
            .collect();
        assert_eq!(unused, Vec::<&str>::new());
    }

    fn gather(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, into);
            } else {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}
