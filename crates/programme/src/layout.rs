//! Layouts: how a channel writes its order files. One TOML file each in `channels/`, named after the layout.
//!
//! A column is given by the heads it may have; the first that stands in the file is taken. What a layout says is
//! checked here; whether a file keeps to it is seen at the import.

use kernel::{Currency, Fault, PlaceCode, PlaceLevel, Refusal, Text};
use serde::{Deserialize, Deserializer};

use crate::Finding;
use crate::source::{Source, is_id};

/// One channel's way of writing order files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The layout's own name, which is also the name of its file.
    pub name: String,
    /// The channel its lines belong to; several layouts may write for one channel.
    pub channel: String,
    /// What one row is.
    pub grain: Grain,
    /// The channel's name for readers.
    pub title: Text,
    /// ISO 4217 code of every amount in the file.
    #[serde(default = "yuan")]
    pub currency: String,
    /// How the bytes are text.
    #[serde(default)]
    pub encoding: FileEncoding,
    /// What stands between two cells.
    #[serde(default = "comma", deserialize_with = "one_byte")]
    pub delimiter: u8,
    /// The sheet of a workbook; the first when absent.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Rows above the heads.
    #[serde(default)]
    pub skip_rows: u32,
    /// True when the files of this layout are made up.
    #[serde(default)]
    pub simulated: bool,
    /// Order number; absent for daily summaries.
    #[serde(default)]
    pub order: Option<ColumnRule>,
    /// Number of the line within its order, where the channel writes one.
    #[serde(default)]
    pub line: Option<ColumnRule>,
    /// Day of the sale.
    pub day: DayRule,
    /// County of origin.
    pub place: PlaceRule,
    /// Product.
    pub product: ProductRule,
    /// Quantity: up to three decimals, may be negative.
    pub quantity: ColumnRule,
    /// Amount of the line.
    pub amount: AmountRule,
    /// How a cancelled line is known; absent when the channel has none.
    #[serde(default)]
    pub cancelled: Option<CancelledRule>,
}

/// What one row of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One line of one order.
    OrderLine,
    /// The sum of one product of one county on one day.
    DailySummary,
}

/// How the bytes of a file are text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum FileEncoding {
    /// UTF-8 when the bytes are that, else GB 18030.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB 18030, which contains GBK and GB 2312.
    #[serde(rename = "gb18030")]
    Gb18030,
}

/// A column by the heads it may have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRule {
    /// Heads; the first that stands in the file is used.
    pub column: Vec<String>,
}

/// The day of the sale.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayRule {
    /// Heads; the first that stands in the file is used.
    pub column: Vec<String>,
    /// Ways in which a day may be written, tried in order.
    #[serde(default = "year_first")]
    pub forms: Vec<DayForm>,
}

/// A way of writing a day; a time may follow after a blank or `T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayForm {
    /// `2018-03-05`, `2018/3/5`, `2018.3.5`, `2018年3月5日`, `20180305`.
    Ymd,
    /// `5/3/2018`: the day first.
    Dmy,
    /// `3/5/2018`: the month first.
    Mdy,
    /// `43164`: days since the end of 1899, as sheets keep them.
    Excel,
}

/// The county a line comes from: a column, or one code for the whole file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRule {
    /// Heads; the first that stands in the file is used. Empty when `code` is given.
    #[serde(default)]
    pub column: Vec<String>,
    /// What the column holds.
    #[serde(default)]
    pub form: PlaceForm,
    /// One county for every line.
    #[serde(default)]
    pub code: Option<String>,
}

/// What a column of places holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceForm {
    /// Codes of GB/T 2260.
    #[default]
    Code,
    /// Names: 甘肃省定西市岷县, 甘肃岷县, or 岷县 where there is only one.
    Name,
}

/// The product of a line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRule {
    /// Heads of the product code; the first that stands in the file is used.
    pub column: Vec<String>,
    /// Heads of the product's title, if the channel writes one.
    #[serde(default)]
    pub title: Vec<String>,
}

/// The amount of a line: a column, or quantity times unit price, half away from zero to the fen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountRule {
    /// Heads of the amount; empty when `unit_price` is given.
    #[serde(default)]
    pub column: Vec<String>,
    /// Heads of the price of one unit; empty when `column` is given.
    #[serde(default)]
    pub unit_price: Vec<String>,
}

/// How a cancelled line is known: any of the rules that are given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelledRule {
    /// Order numbers that begin so.
    #[serde(default)]
    pub order_prefix: Option<String>,
    /// A negative quantity.
    #[serde(default)]
    pub negative_quantity: bool,
    /// Heads of a column of states; goes with `values`.
    #[serde(default)]
    pub column: Vec<String>,
    /// The states that mean cancelled.
    #[serde(default)]
    pub values: Vec<String>,
    /// How the amount of a cancelled line is written.
    #[serde(default)]
    pub sign: Sign,
}

/// How the amount of a cancelled line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// With its sign: what was given back is negative.
    #[default]
    Signed,
    /// Positive: the import turns it.
    Reversed,
}

fn yuan() -> String {
    Currency::CNY.to_string()
}

fn comma() -> u8 {
    b','
}

fn year_first() -> Vec<DayForm> {
    vec![DayForm::Ymd]
}

/// One character of one byte, as the text of a TOML file has it.
fn one_byte<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_bytes() {
        [byte @ (b',' | b';' | b'\t' | b'|')] => Ok(*byte),
        _ => Err(serde::de::Error::invalid_value(
            serde::de::Unexpected::Str(&text),
            &"one of \",\" \";\" \"\\t\" \"|\"",
        )),
    }
}

impl Layout {
    /// Reads a layout; `file` is its path inside the programme folder, for the findings.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let source = Source { file, text };
        let layout: Self = source.read().map_err(|finding| vec![finding])?;
        let findings = layout.check(source);
        if findings.is_empty() {
            Ok(layout)
        } else {
            Err(findings)
        }
    }

    fn check(&self, source: Source<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let line = |key| source.line_of("", key);
        if self.name != source.stem() {
            findings.push(source.finding(line("name"), "programme.wrong_name", &self.name));
        }
        if !is_id(&self.channel) {
            findings.push(source.finding(line("channel"), "programme.bad_id", &self.channel));
        }
        if self.title.zh.trim().is_empty() || self.title.en.trim().is_empty() {
            findings.push(source.finding(line("title"), "programme.empty_text", "title"));
        }
        if let Err(refusal) = self.currency.parse::<Currency>() {
            findings.push(source.refused(line("currency"), refusal));
        }
        self.check_columns(source, &mut findings);
        self.check_place(source, &mut findings);
        self.check_cancelled(source, &mut findings);
        findings
    }

    /// Every column that is needed has a head, and nothing is said twice.
    fn check_columns(&self, source: Source<'_>, findings: &mut Vec<Finding>) {
        let mut needed = vec![
            ("day", &self.day.column),
            ("product", &self.product.column),
            ("quantity", &self.quantity.column),
        ];
        needed.extend(self.order.iter().map(|rule| ("order", &rule.column)));
        needed.extend(self.line.iter().map(|rule| ("line", &rule.column)));
        for (section, heads) in needed {
            if heads.is_empty() || heads.iter().any(|head| head.trim().is_empty()) {
                findings.push(source.finding(
                    source.line_of(section, "column"),
                    "programme.missing_column",
                    section,
                ));
            }
        }
        let summary = self.grain == Grain::DailySummary;
        if self.order.is_none() && !summary {
            findings.push(source.finding(source.line_of("", "grain"), "programme.missing_column", "order"));
        }
        if summary && (self.order.is_some() || self.line.is_some()) {
            let section = if self.order.is_some() { "order" } else { "line" };
            findings.push(source.finding(
                source.line_of(section, "column"),
                "programme.summary_with_orders",
                section,
            ));
        }
        if self.day.forms.is_empty() {
            findings.push(source.finding(source.line_of("day", "forms"), "programme.missing_key", "forms"));
        }
        if self.amount.column.is_empty() == self.amount.unit_price.is_empty() {
            findings.push(source.refused(
                source.line_of("amount", "column"),
                one_of_two("amount", "column", "unit_price"),
            ));
        }
    }

    fn check_place(&self, source: Source<'_>, findings: &mut Vec<Finding>) {
        let line = |key| source.line_of("place", key);
        let Some(code) = &self.place.code else {
            if self.place.column.is_empty() {
                findings.push(source.refused(line("column"), one_of_two("place", "column", "code")));
            }
            return;
        };
        if !self.place.column.is_empty() {
            findings.push(source.refused(line("code"), one_of_two("place", "column", "code")));
        }
        let county = code
            .parse::<PlaceCode>()
            .ok()
            .filter(|code| code.level() == PlaceLevel::County);
        if county.is_none() {
            findings.push(source.finding(line("code"), "programme.not_a_county", code));
        }
    }

    fn check_cancelled(&self, source: Source<'_>, findings: &mut Vec<Finding>) {
        let Some(rule) = &self.cancelled else { return };
        let line = |key| source.line_of("cancelled", key);
        if rule.column.is_empty() != rule.values.is_empty() {
            let absent = if rule.column.is_empty() {
                "column"
            } else {
                "values"
            };
            findings.push(source.finding(line("values"), "programme.missing_key", absent));
        }
        let prefix = rule.order_prefix.as_deref();
        if prefix.is_none() && !rule.negative_quantity && rule.column.is_empty() && rule.values.is_empty() {
            findings.push(source.finding(line("sign"), "programme.no_rule", "cancelled"));
        }
        // An empty beginning would make every order a cancellation.
        if prefix.is_some_and(str::is_empty) || (prefix.is_some() && self.order.is_none()) {
            findings.push(source.finding(line("order_prefix"), "programme.bad_value", "order_prefix"));
        }
    }
}

fn one_of_two(section: &str, one: &'static str, other: &'static str) -> Refusal {
    Refusal::new("programme.one_of_two", Fault::Refused)
        .value(section)
        .fact("one", one)
        .fact("other", other)
}

#[cfg(test)]
mod tests;
