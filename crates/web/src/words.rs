//! The words of the pages, from `locales/web.zh.toml` and `locales/web.en.toml`.

use kernel::Wording;

/// The words of the pages.
pub(crate) static WORDS: Wording =
    kernel::wording!("../../../locales/web.zh.toml", "../../../locales/web.en.toml");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use kernel::Lang;

    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_names() {
        assert_eq!(WORDS.faults(), Vec::<String>::new());
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "most of it is a list")]
    fn every_key_a_page_names_has_words_and_every_word_is_used() {
        let zh = WORDS.of(Lang::Zh);
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
        assert_eq!(zh.unknown_keys(&own), Vec::<String>::new());
        // Keys put together from a name: `theme.dark`, `state.holds`.
        let composed = [
            "action.",
            "theme.",
            "state.",
            "nav.",
            "kind.",
            "role.",
            "scope.",
            "event.",
            "outcome.",
            "means.",
            "account_kind.",
            "owner_kind.",
            "hold_state.",
            "batch.",
            "payment.",
            "method.",
            "purpose.",
            "said_by.",
            "says.",
            "matched.",
            "reason.",
            "milestone.",
            "budget.",
            "flow.",
            "household_status.",
            "cause.",
            "guarantee.",
            "relation.",
            "sex.",
            "schooling.",
            "health.",
            "labour.",
            "work.",
            "disability.",
            "submission_state.",
            "consent.",
            "personal.",
            "said.",
            "case_kind.",
            "apply_for.",
            "case_state.",
            "case_step.",
            "seeks.",
            "pair_state.",
            "pair_field.",
            "pair_level.",
            "run_step.",
            "run_part.",
            "exception.",
            "sheet_says.",
        ];
        let unused: Vec<&str> = zh
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
