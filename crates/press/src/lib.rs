//! Typesetting: a Typst template and its data become a PDF.
//!
//! This is the only crate that links Typst, because Typst is the slowest dependency to build. It computes no figure:
//! the caller hands over a template's text, the data as JSON and the files the template embeds, and gets bytes back.
//! The template of the half-year report stands here too, so that page design stays in one place.
//!
//! Order of the work: every character of the input is looked up in the fonts (Typst draws an empty box for a
//! missing one and says nothing), then the template is compiled, then the pages are written as tagged PDF/UA-1.
//! The same input gives the same bytes: the date is a parameter and nothing else of the machine gets in, except the
//! fonts themselves.

mod chart;
mod coverage;
mod fonts;
mod report;
mod world;

pub use chart::chart_file;
pub use fonts::{DEBIAN_FONT_DIR, Fonts};
pub use report::{REPORT_TEMPLATE, ReportChart, typeset_report};

use kernel::{Fault, Refusal};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use world::{MAIN, Sheet};

/// Sets `template` with `data`, which the template reads by `json("data.json")`, and `files`, which it reads by
/// their names. `today` (year, month, day) is the only date the template can ask for and the PDF's creation date.
///
/// # Errors
/// - `press.missing_glyph`: a character of the template, the data or an SVG file stands in none of the fonts;
/// - `press.template`: Typst does not accept the template with this data, `at` names file and line;
/// - `press.bad_date`: `today` is no day of the calendar;
/// - `press.bad_file_name`: a file's name leaves the template's folder.
pub fn typeset(
    template: &str,
    data: &serde_json::Value,
    files: &[(String, Vec<u8>)],
    fonts: &Fonts,
    today: (i32, u8, u8),
) -> Result<Vec<u8>, Refusal> {
    coverage::require(fonts, template, data, files)?;
    let sheet = Sheet::new(template, data, files, fonts, date(today)?)?;
    let outcome = typst::compile::<PagedDocument>(&sheet).output;
    let pdf = outcome
        .map_err(|errors| template_refusal(&sheet, &errors))
        .and_then(|document| {
            typst_pdf::pdf(&document, &options(today)?).map_err(|errors| template_refusal(&sheet, &errors))
        });
    // Typst keeps what it computed for the next compilation; a server would only grow by it.
    typst::comemo::evict(0);
    pdf
}

fn date((year, month, day): (i32, u8, u8)) -> Result<Datetime, Refusal> {
    Datetime::from_ymd(year, month, day).ok_or_else(|| bad_date(year, month, day))
}

fn bad_date(year: i32, month: u8, day: u8) -> Refusal {
    Refusal::new("press.bad_date", Fault::Broken).value(format!("{year}-{month}-{day}"))
}

fn options((year, month, day): (i32, u8, u8)) -> Result<PdfOptions, Refusal> {
    let midnight =
        Datetime::from_ymd_hms(year, month, day, 0, 0, 0).ok_or_else(|| bad_date(year, month, day))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| Refusal::new("press.template", Fault::Broken).fact("reason", error.message()))?;
    Ok(PdfOptions {
        creator: Smart::Custom(Some("Fishpond".to_owned())),
        timestamp: Some(Timestamp::new_utc(midnight)),
        standards,
        ..PdfOptions::default()
    })
}

/// The first error of a compilation, with the line of the template it points at. Typst often reports the same cause
/// several times; the first is the one to mend.
fn template_refusal(sheet: &Sheet<'_>, errors: &[SourceDiagnostic]) -> Refusal {
    let refusal = Refusal::new("press.template", Fault::Broken);
    let Some(first) = errors.first() else {
        return refusal;
    };
    let line = sheet.line_of(first);
    let hints: Vec<&str> = first.hints.iter().map(|hint| hint.v.as_str()).collect();
    let reason = if hints.is_empty() {
        first.message.to_string()
    } else {
        format!("{} ({})", first.message, hints.join("; "))
    };
    let at = line.map_or_else(|| MAIN.to_owned(), |line| format!("{MAIN}:{line}"));
    refusal.at(at).fact("reason", reason)
}
