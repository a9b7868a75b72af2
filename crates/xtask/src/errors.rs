//! `docs/errors.md` from `locales/errors.toml`: every code a person may meet, what it says and what to do.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

use crate::shell;

const CATALOGUE: &str = "locales/errors.toml";
const DOCUMENT: &str = "docs/errors.md";

/// Writes the document.
pub(crate) fn write() -> Result<()> {
    let path = shell::root().join(DOCUMENT);
    std::fs::write(&path, current()?).with_context(|| format!("cannot write {}", path.display()))
}

/// Fails when the document is not what the catalogue gives.
pub(crate) fn check() -> Result<()> {
    let written = std::fs::read_to_string(shell::root().join(DOCUMENT)).unwrap_or_default();
    if written != current()? {
        bail!("{DOCUMENT} is not current: run `cargo xtask errors`");
    }
    Ok(())
}

fn current() -> Result<String> {
    let text = std::fs::read_to_string(shell::root().join(CATALOGUE))
        .with_context(|| format!("cannot read {CATALOGUE}"))?;
    document(&text)
}

fn document(catalogue: &str) -> Result<String> {
    let table: toml::Table = catalogue.parse().context(CATALOGUE)?;
    let mut page = String::from(
        "# 错误代码 Errors\n\n\
         Made by `cargo xtask errors` from `locales/errors.toml`; edit that file. `{at}` stands for the place\n\
         (file:row:column or a field), `{value}` for what stood there; what is in square brackets is said only when it\n\
         is known.\n",
    );
    let mut area = "";
    for (code, entry) in &table {
        let entry = entry
            .as_table()
            .with_context(|| format!("{CATALOGUE}: [{code}] is no table"))?;
        let next = code.split('.').next().unwrap_or(code);
        if next != area {
            area = next;
            write!(page, "\n## {area}\n")?;
        }
        write!(page, "\n### `{code}`\n\n")?;
        for lang in ["zh", "en"] {
            let text = |key: &str| entry.get(key).and_then(toml::Value::as_str).map(str::trim);
            let message = text(lang).with_context(|| format!("{CATALOGUE}: [{code}] has no `{lang}`"))?;
            let advice = text(&format!("advice_{lang}")).unwrap_or_default();
            writeln!(
                page,
                "- {message}{}{advice}",
                if advice.is_empty() { "" } else { " " }
            )?;
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_current() {
        check().unwrap();
    }

    #[test]
    fn a_code_without_english_is_refused_by_name() {
        let error = document("[\"sales.bad_date\"]\nzh = \"日期不对\"\n").unwrap_err();
        assert!(error.to_string().contains("[sales.bad_date] has no `en`"));
    }

    #[test]
    fn codes_are_grouped_by_area_with_message_and_advice() {
        let page = document("[\"a.x\"]\nzh = \"甲\"\nen = \"A.\"\nadvice_en = \"Do it.\"\n").unwrap();
        assert!(page.ends_with("\n## a\n\n### `a.x`\n\n- 甲\n- A. Do it.\n"));
    }
}
