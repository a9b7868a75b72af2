//! Sets one document by hand, for whoever edits a template:
//! `cargo run -p press --example sheet -- TEMPLATE.typ DATA.json OUT.pdf [CHART.svg ...]`

use std::path::Path;
use std::process::ExitCode;

use press::{DEBIAN_FONT_DIR, Fonts, typeset};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [template, data, out, charts @ ..] = words.as_slice() else {
        eprintln!("usage: sheet TEMPLATE.typ DATA.json OUT.pdf [CHART.svg ...]");
        return ExitCode::from(2);
    };
    match set(template, data, out, charts) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn set(template: &str, data: &str, out: &str, charts: &[String]) -> Result<(), String> {
    let read = |path: &str| std::fs::read(path).map_err(|error| format!("{path}: {error}"));
    let template = String::from_utf8(read(template)?).map_err(|error| format!("{template}: {error}"))?;
    let data = serde_json::from_slice(&read(data)?).map_err(|error| format!("{data}: {error}"))?;
    let name = |path: &str| {
        Path::new(path)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let files = charts
        .iter()
        .map(|path| Ok((name(path).unwrap_or_default(), read(path)?)))
        .collect::<Result<Vec<_>, String>>()?;
    let said = |refusal: kernel::Refusal| refusal.message(kernel::Lang::En);
    let fonts = Fonts::in_dir(Path::new(DEBIAN_FONT_DIR)).map_err(said)?;
    let pdf = typeset(&template, &data, &files, &fonts, (2018, 7, 10)).map_err(said)?;
    std::fs::write(out, pdf).map_err(|error| format!("{out}: {error}"))
}
