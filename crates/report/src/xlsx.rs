//! The report as a workbook: overview, breakdowns, evidence, published figures; one per language.
//!
//! A spreadsheet keeps numbers as 64-bit floats. Money is therefore written as its exact decimal digits read into a
//! cell number: no arithmetic on floats, and exact in the sheet up to 15 digits (90 trillion yuan to the fen).

use kernel::{Fault, Lang, Refusal, Words};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::model::{Breakdown, Figure, HalfYearReport, Published, ValueState};
use crate::words::WORDS;

/// Writes the workbook.
///
/// # Errors
/// `report.sheet_failed` (broken).
pub fn workbook(report: &HalfYearReport, lang: Lang) -> Result<Vec<u8>, Refusal> {
    write(report, WORDS.of(lang)).map_err(|error| {
        Refusal::new("report.sheet_failed", Fault::Broken)
            .at(format!("report.{}.xlsx", lang.tag()))
            .fact("error", error)
    })
}

struct Formats {
    head: Format,
    note: Format,
    yuan: Format,
    yi: Format,
    count: Format,
    code: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("E4F0ED"),
            note: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            yuan: Format::new().set_num_format("#,##0.00"),
            yi: Format::new().set_num_format("#,##0.0000"),
            count: Format::new().set_num_format("#,##0"),
            code: Format::new().set_font_name("Consolas").set_font_size(9),
        }
    }
}

fn write(report: &HalfYearReport, w: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(report, w)?);
    let formats = Formats::new();
    overview(book.add_worksheet(), report, w, &formats)?;
    breakdowns(book.add_worksheet(), report, w, &formats)?;
    evidence(book.add_worksheet(), report, w, &formats)?;
    published(book.add_worksheet(), report, w, &formats)?;
    book.save_to_buffer()
}

/// The creation time is the report's own, so that the bytes depend on nothing else.
fn properties(report: &HalfYearReport, w: &Words) -> Result<DocProperties, XlsxError> {
    let day = report.made_at.get(..10).unwrap_or("2000-01-01");
    let created = ExcelDateTime::parse_from_str(day)?;
    let title = format!(
        "{} {}",
        report.programme.title.get(w.lang()),
        report.period.title.get(w.lang())
    );
    Ok(DocProperties::new()
        .set_title(title)
        .set_creation_datetime(&created))
}

fn start(sheet: &mut Worksheet, name: &str, report: &HalfYearReport, w: &Words) -> Result<u32, XlsxError> {
    sheet.set_name(name)?;
    let Some(notice) = &report.simulated else {
        return Ok(0);
    };
    sheet.write_with_format(
        0,
        0,
        notice.get(w.lang()),
        &Format::new().set_bold().set_font_color("8A5A00"),
    )?;
    Ok(1)
}

fn heads(
    sheet: &mut Worksheet,
    row: u32,
    names: &[(&str, u16)],
    w: &Words,
    formats: &Formats,
) -> Result<u32, XlsxError> {
    for ((key, width), column) in names.iter().zip(0..) {
        sheet.write_with_format(row, column, w.get(key), &formats.head)?;
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    Ok(row + 1)
}

fn overview(
    sheet: &mut Worksheet,
    report: &HalfYearReport,
    w: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let lang = w.lang();
    let row = start(sheet, w.get("sheet.overview"), report, w)?;
    let rule = w.fill("suppression.rule", &[("min", &report.min_lines.to_string())]);
    let days = format!(
        "{} {} – {}",
        report.period.title.get(lang),
        report.period.first_day,
        report.period.last_day
    );
    let facts = [
        ("sheet.period", days),
        ("sheet.made", report.made_at.clone()),
        ("sheet.rule", rule),
        ("sheet.key_public", report.signature.public_key.clone()),
    ];
    let mut row = row;
    for (key, text) in facts {
        sheet.write_with_format(row, 0, w.get(key), &formats.head)?;
        sheet.write(row, 1, text)?;
        row += 1;
    }
    let names = [
        ("sheet.id", 26),
        ("sheet.figure", 38),
        ("sheet.value", 22),
        ("sheet.unit", 10),
        ("sheet.value_said", 18),
        ("sheet.relation", 8),
        ("sheet.published_value", 20),
        ("sheet.published_unit", 12),
        ("sheet.holds", 12),
        ("sheet.previous", 22),
        ("sheet.change", 22),
        ("sheet.definition", 60),
    ];
    let first = heads(sheet, row + 1, &names, w, formats)?;
    for (figure, row) in report.figures.iter().zip(first..) {
        figure_row(sheet, row, report, figure, w, formats)?;
    }
    Ok(())
}

fn figure_row(
    sheet: &mut Worksheet,
    row: u32,
    report: &HalfYearReport,
    figure: &Figure,
    w: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.write(row, 0, figure.id.as_str())?;
    sheet.write(row, 1, figure.title.get(w.lang()))?;
    match (figure.value, figure.state) {
        (Some(value), _) => amount(sheet, (row, 2), value, &figure.unit, formats)?,
        (None, ValueState::TooFew) => text(sheet, (row, 2), &few(report, w))?,
        (None, _) => text(sheet, (row, 2), w.get("figure.missing"))?,
    }
    sheet.write(row, 3, unit(&figure.unit, w))?;
    if let Some(fen) = figure.value.filter(|_| figure.unit == "fen") {
        sheet.write_with_format(row, 4, decimal(fen, 10), &formats.yi)?;
    }
    if let Some(published) = &figure.published {
        sheet.write(row, 5, published.relation.sign())?;
        published_value(sheet, (row, 6), published, formats)?;
        sheet.write(row, 7, w.get(&format!("unit.{}", published.unit)))?;
        sheet.write(row, 8, holds(published, w))?;
    }
    if let Some(previous) = &figure.previous {
        amount(sheet, (row, 9), previous.value, &figure.unit, formats)?;
        amount(sheet, (row, 10), previous.change, &figure.unit, formats)?;
    }
    sheet.write_with_format(row, 11, figure.sql.trim(), &formats.note)?;
    Ok(())
}

fn breakdowns(
    sheet: &mut Worksheet,
    report: &HalfYearReport,
    w: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let row = start(sheet, w.get("sheet.breakdowns"), report, w)?;
    let names = [
        ("sheet.id", 26),
        ("sheet.dimension", 12),
        ("sheet.key", 12),
        ("sheet.name", 30),
        ("sheet.value", 22),
        ("sheet.unit", 10),
        ("table.lines", 14),
    ];
    let mut row = heads(sheet, row, &names, w, formats)?;
    for figure in &report.figures {
        for breakdown in &figure.breakdowns {
            row = breakdown_rows(sheet, row, report, (figure, breakdown), w, formats)?;
        }
    }
    Ok(())
}

fn breakdown_rows(
    sheet: &mut Worksheet,
    mut row: u32,
    report: &HalfYearReport,
    (figure, breakdown): (&Figure, &Breakdown),
    w: &Words,
    formats: &Formats,
) -> Result<u32, XlsxError> {
    let dimension = w.get(&format!("dimension.{}", breakdown.dimension)).to_owned();
    for part in &breakdown.rows {
        sheet.write(row, 0, figure.id.as_str())?;
        sheet.write(row, 1, dimension.as_str())?;
        sheet.write(row, 2, part.key.as_str())?;
        sheet.write(row, 3, part.title.get(w.lang()))?;
        match part.value {
            Some(value) => amount(sheet, (row, 4), value, &figure.unit, formats)?,
            None => text(sheet, (row, 4), &few(report, w))?,
        }
        sheet.write(row, 5, unit(&figure.unit, w))?;
        if let Some(lines) = part.lines {
            sheet.write_with_format(row, 6, decimal(lines, 0), &formats.count)?;
        }
        row += 1;
    }
    Ok(row)
}

fn evidence(
    sheet: &mut Worksheet,
    report: &HalfYearReport,
    w: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let row = start(sheet, w.get("sheet.evidence"), report, w)?;
    let names = [
        ("evidence.no", 8),
        ("evidence.file", 36),
        ("evidence.channel", 14),
        ("evidence.rows", 12),
        ("evidence.net", 22),
        ("evidence.gross", 22),
        ("evidence.days", 24),
        ("evidence.segment_hash", 66),
        ("evidence.file_hash", 66),
        ("evidence.merkle", 66),
        ("evidence.manifest", 66),
    ];
    let first = heads(sheet, row, &names, w, formats)?;
    for (segment, row) in report.evidence.segments.iter().zip(first..) {
        sheet.write_with_format(row, 0, decimal(segment.chain_no, 0), &formats.count)?;
        sheet.write(row, 1, segment.file_name.as_str())?;
        sheet.write(row, 2, segment.channel.as_str())?;
        sheet.write_with_format(row, 3, decimal(segment.rows, 0), &formats.count)?;
        amount(sheet, (row, 4), segment.net_fen, "fen", formats)?;
        amount(sheet, (row, 5), segment.gross_fen, "fen", formats)?;
        sheet.write(row, 6, format!("{} – {}", segment.day_first, segment.day_last))?;
        for (hash, column) in [
            &segment.sha256,
            &segment.file_sha256,
            &segment.merkle_root,
            &segment.manifest_sha256,
        ]
        .into_iter()
        .zip(7..)
        {
            sheet.write_with_format(row, column, hash.as_str(), &formats.code)?;
        }
    }
    Ok(())
}

fn published(
    sheet: &mut Worksheet,
    report: &HalfYearReport,
    w: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let row = start(sheet, w.get("sheet.published"), report, w)?;
    let names = [
        ("sheet.id", 28),
        ("sheet.figure", 36),
        ("sheet.relation", 8),
        ("sheet.published_value", 22),
        ("sheet.unit", 12),
        ("sheet.from", 12),
        ("sheet.to", 12),
        ("sheet.page", 10),
        ("sheet.holds", 14),
    ];
    let first = heads(sheet, row, &names, w, formats)?;
    let all = report
        .figures
        .iter()
        .filter_map(|figure| figure.published.as_ref())
        .chain(&report.not_yet_defined);
    for (published, row) in all.zip(first..) {
        sheet.write(row, 0, published.id.as_str())?;
        sheet.write(row, 1, published.title.get(w.lang()))?;
        sheet.write(row, 2, published.relation.sign())?;
        published_value(sheet, (row, 3), published, formats)?;
        sheet.write(row, 4, w.get(&format!("unit.{}", published.unit)))?;
        sheet.write(row, 5, published.from.as_deref().unwrap_or_default())?;
        sheet.write(row, 6, published.to.as_deref().unwrap_or_default())?;
        if let Some(page) = published.page {
            sheet.write_with_format(row, 7, decimal(page, 0), &formats.count)?;
        }
        sheet.write(row, 8, holds(published, w))?;
    }
    Ok(())
}

fn holds<'a>(published: &Published, w: &'a Words) -> &'a str {
    match published.holds {
        Some(true) => w.get("sheet.yes"),
        Some(false) => w.get("sheet.no"),
        None => w.get("sheet.not_defined"),
    }
}

fn published_value(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    published: &Published,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let format = if published.value.contains('.') {
        &formats.yuan
    } else {
        &formats.count
    };
    match published.value.parse::<f64>() {
        Ok(number) => sheet.write_with_format(row, column, number, format)?,
        Err(_) => sheet.write(row, column, published.value.as_str())?,
    };
    Ok(())
}

fn amount(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: i64,
    unit: &str,
    formats: &Formats,
) -> Result<(), XlsxError> {
    if unit == "fen" {
        sheet.write_with_format(row, column, decimal(value, 2), &formats.yuan)?;
    } else {
        sheet.write_with_format(row, column, decimal(value, 0), &formats.count)?;
    }
    Ok(())
}

fn text(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str) -> Result<(), XlsxError> {
    sheet.write(row, column, text).map(|_| ())
}

fn unit(unit: &str, w: &Words) -> String {
    let key = if unit == "fen" {
        "unit.yuan".to_owned()
    } else {
        format!("unit.{unit}")
    };
    w.get(&key).to_owned()
}

fn few(report: &HalfYearReport, w: &Words) -> String {
    w.fill("suppression.cell", &[("min", &report.min_lines.to_string())])
}

/// `value` with its last `places` digits behind the point, as the nearest cell number.
fn decimal(value: i64, places: usize) -> f64 {
    let digits = format!("{:0width$}", value.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part}0").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests;
