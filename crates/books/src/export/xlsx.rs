//! Workbooks: a trial balance and statements, in Chinese or English.
//!
//! A spreadsheet keeps numbers as 64-bit floats. An amount is written as its exact decimal digits read into a cell number:
//! no arithmetic on floats, and exact in the sheet up to 15 digits; a longer one is written as text.

use kernel::{Fault, Lang, Money, Refusal};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::statements::{Statement, TrialBalance};

/// The digits that a cell number holds exactly.
const EXACT_DIGITS: usize = 15;
/// The most characters of a sheet's name.
const SHEET_NAME_CHARS: usize = 31;

/// A trial balance as a workbook.
///
/// # Errors
/// `books.sheet_failed` (broken).
pub fn trial_balance_workbook(trial: &TrialBalance, lang: Lang) -> Result<Vec<u8>, Refusal> {
    trial_balance(trial, lang).map_err(|error| failed(&error))
}

/// Statements as a workbook, a sheet each.
///
/// # Errors
/// `books.sheet_failed` (broken).
pub fn statement_workbook(statements: &[Statement], lang: Lang) -> Result<Vec<u8>, Refusal> {
    let mut book = Workbook::new();
    for (statement, number) in statements.iter().zip(1..) {
        let sheet = book.add_worksheet();
        statement_sheet(sheet, statement, number, lang).map_err(|error| failed(&error))?;
    }
    book.save_to_buffer().map_err(|error| failed(&error))
}

fn failed(error: &XlsxError) -> Refusal {
    Refusal::new("books.sheet_failed", Fault::Broken).fact("error", error)
}

fn either<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

struct Formats {
    head: Format,
    yuan: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            head: Format::new().set_bold().set_background_color("E4F0ED"),
            yuan: Format::new().set_num_format("#,##0.00"),
        }
    }
}

fn trial_balance(trial: &TrialBalance, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let formats = Formats::new();
    let sheet = book.add_worksheet();
    sheet.set_name(either(lang, "试算平衡表", "Trial balance"))?;
    let head = match lang {
        Lang::Zh => ["科目", "名称", "借方发生额", "贷方发生额", "借方余额", "贷方余额"],
        Lang::En => [
            "Account",
            "Name",
            "Debits",
            "Credits",
            "Debit balance",
            "Credit balance",
        ],
    };
    heads(sheet, 0, &head, &formats)?;
    let mut row = 1;
    for line in &trial.lines {
        sheet.write(row, 0, line.code.as_str())?;
        sheet.write(row, 1, either(lang, &line.name_zh, &line.name_en))?;
        let amounts = [line.debit, line.credit, line.debit_balance, line.credit_balance];
        yuan(sheet, row, 2, &amounts, &formats)?;
        row += 1;
    }
    sheet.write_with_format(row, 0, either(lang, "合计", "Total"), &formats.head)?;
    let totals = [
        trial.debit,
        trial.credit,
        trial.debit_balance,
        trial.credit_balance,
    ];
    yuan(sheet, row, 2, &totals, &formats)?;
    widths(sheet, &[40, 24, 20, 20, 20, 20])?;
    book.save_to_buffer()
}

fn statement_sheet(
    sheet: &mut Worksheet,
    statement: &Statement,
    number: u32,
    lang: Lang,
) -> Result<(), XlsxError> {
    let formats = Formats::new();
    sheet.set_name(sheet_name(number, statement.code.as_str()))?;
    sheet.write_with_format(0, 0, statement.code.as_str(), &formats.head)?;
    sheet.write(0, 2, either(lang, &statement.name_zh, &statement.name_en))?;
    sheet.write(1, 0, either(lang, "期间", "Days"))?;
    sheet.write(1, 2, format!("{} – {}", statement.from, statement.through))?;
    let head = match lang {
        Lang::Zh => ["日期", "凭证", "摘要", "借方", "贷方", "余额"],
        Lang::En => ["Day", "Entry", "Memo", "Debit", "Credit", "Balance"],
    };
    heads(sheet, 2, &head, &formats)?;
    sheet.write(3, 2, either(lang, "期初余额", "Opening balance"))?;
    yuan(sheet, 3, 5, &[statement.opening], &formats)?;
    let mut row = 4;
    for line in &statement.lines {
        sheet.write(row, 0, line.effective_on.to_string())?;
        sheet.write(row, 1, line.entry.to_string())?;
        sheet.write(row, 2, &line.memo)?;
        let (column, digits_of) = if line.amount >= Money::ZERO {
            (3, line.amount.to_string())
        } else {
            (4, line.amount.to_string().trim_start_matches('-').to_owned())
        };
        digits(sheet, row, column, &digits_of, &formats)?;
        yuan(sheet, row, 5, &[line.balance], &formats)?;
        row += 1;
    }
    sheet.write(row, 2, either(lang, "期末余额", "Closing balance"))?;
    let closing = [statement.debit, statement.credit, statement.closing];
    yuan(sheet, row, 3, &closing, &formats)?;
    if statement.cut {
        let words = either(lang, "还有更多的行未列出", "There are more lines than are listed");
        sheet.write(row + 1, 2, words)?;
    }
    widths(sheet, &[12, 10, 40, 20, 20, 20])
}

/// At most 31 characters, no two the same, without the marks that a sheet's name may not have.
fn sheet_name(number: u32, code: &str) -> String {
    let name = format!("{number} {}", code.replace(':', "."));
    name.chars().take(SHEET_NAME_CHARS).collect()
}

fn heads(sheet: &mut Worksheet, row: u32, words: &[&str], formats: &Formats) -> Result<(), XlsxError> {
    for (column, word) in (0..).zip(words) {
        sheet.write_with_format(row, column, *word, &formats.head)?;
    }
    Ok(())
}

fn yuan(
    sheet: &mut Worksheet,
    row: u32,
    first: u16,
    amounts: &[Money],
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (column, amount) in (first..).zip(amounts) {
        digits(sheet, row, column, &amount.to_string(), formats)?;
    }
    Ok(())
}

fn digits(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let count = text.bytes().filter(u8::is_ascii_digit).count();
    match text.parse::<f64>() {
        Ok(number) if count <= EXACT_DIGITS => {
            sheet.write_with_format(row, column, number, &formats.yuan)?;
        }
        _ => {
            sheet.write(row, column, text)?;
        }
    }
    Ok(())
}

fn widths(sheet: &mut Worksheet, widths: &[u32]) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    Ok(())
}
