//! `fishpond forms`: without a data folder. Everything that is wrong with a form is told at once; a file is written
//! whole, after the form was found right, or not at all.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use ::forms::{FORM_BYTES_MAX, Fault, XForm, compile, compile_under};
use kernel::{Lang, Refusal};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::lines;
use crate::cli::Settings;
use crate::cli::forms::{Forms, FormsCompile};
use crate::terminal::{say, say_json};
use crate::world;

/// The file that the choices of `external_choices` go into.
const ITEMSETS: &str = "itemsets.csv";

/// Runs it.
///
/// # Errors
/// A file that cannot be read or written.
pub fn run(settings: &Settings, command: Forms) -> Result<ExitCode, Refusal> {
    match command {
        Forms::Compile(wanted) => {
            let (name, bytes) = read(&wanted.form)?;
            match compile_under(&name, &bytes, &wanted.root) {
                Ok(form) => keep(settings, &wanted, &form),
                Err(faults) => tell(settings, &faults),
            }
        }
        Forms::Check(wanted) => {
            let (name, bytes) = read(&wanted.form)?;
            match compile(&name, &bytes) {
                Ok(form) => approve(settings, &form),
                Err(faults) => tell(settings, &faults),
            }
        }
    }
}

/// A form as its bytes; a little of what is too much is read, so that the engine can refuse it.
fn read(form: &Path) -> Result<(String, Vec<u8>), Refusal> {
    let (name, source) = lines::source(form)?;
    let mut bytes = Vec::new();
    let most = u64::try_from(FORM_BYTES_MAX)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    source
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| lines::unreadable(&name, &error))?;
    Ok((name, bytes))
}

fn keep(settings: &Settings, wanted: &FormsCompile, form: &XForm) -> Result<ExitCode, Refusal> {
    let Some(out) = &wanted.out else {
        say(form.xml.trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    write(out, &form.xml)?;
    let itemsets = form
        .itemsets
        .as_ref()
        .map(|text| (out.with_file_name(ITEMSETS), text));
    if let Some((path, text)) = &itemsets {
        write(path, text)?;
    }
    let beside = itemsets.map(|(path, _)| path);
    if settings.json {
        say_json(
            &json!({ "id": form.id, "version": form.version, "title": form.title, "out": out, "itemsets": beside }),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    for file in std::iter::once(out).chain(&beside) {
        say(match world::lang(settings) {
            Lang::Zh => format!("写入 {}", file.display()),
            Lang::En => format!("{} written", file.display()),
        });
    }
    Ok(ExitCode::SUCCESS)
}

fn approve(settings: &Settings, form: &XForm) -> Result<ExitCode, Refusal> {
    let XForm {
        id, version, title, ..
    } = form;
    let known_as = format!("{id} {version}");
    let known_as = known_as.trim_end();
    if settings.json {
        say_json(&json!({ "id": id, "version": version, "title": title, "faults": [] }))?;
    } else {
        say(match world::lang(settings) {
            Lang::Zh => format!("✓ {title}（{known_as}）没有问题"),
            Lang::En => format!("✓ {title} ({known_as}) has no faults"),
        });
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(settings: &Settings, faults: &[Fault]) -> Result<ExitCode, Refusal> {
    let refusals: Vec<Refusal> = faults.iter().map(Fault::refusal).collect();
    if settings.json {
        let listed: Vec<Value> = refusals.iter().map(Refusal::to_json).collect();
        say_json(&json!({ "faults": listed }))?;
        return Ok(ExitCode::from(1));
    }
    let lang = world::lang(settings);
    for refusal in &refusals {
        say(format!("✗ {} [{}]", refusal.message(lang), refusal.code));
        if let Some(advice) = refusal.advice(lang) {
            say(format!("  → {advice}"));
        }
    }
    let count = refusals.len();
    say(match lang {
        Lang::Zh => format!("{count} 处问题"),
        Lang::En => format!("Faults: {count}"),
    });
    Ok(ExitCode::from(1))
}

fn write(path: &Path, text: &str) -> Result<(), Refusal> {
    let unwritable = |error: &dyn std::error::Error| {
        Refusal::new("app.file_unwritable", kernel::Fault::Refused)
            .at(path.display())
            .fact("cause", error)
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(|error| unwritable(&error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| unwritable(&error))?;
    file.as_file().sync_all().map_err(|error| unwritable(&error))?;
    file.persist(path).map(drop).map_err(|error| unwritable(&error))
}
