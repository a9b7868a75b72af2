//! Writes lines as rows of a channel's delimited text. The texts of counties and products are put into the file's encoding
//! and quoted once, before the first row; all else of a row is ASCII, written digit by digit into the caller's buffer.

use std::borrow::Cow;

use crate::channels::{AmountStyle, Channel, Column, Container, DayStyle, RefundStyle};
use crate::source::Source;
use crate::stream::{Flaw, Line};

/// Status of a sale and of a refund.
const STATUSES: [&str; 2] = ["已付款", "已退款"];
/// Words that stand where an amount should.
const AMOUNT_IN_WORDS: &str = "面议";
/// A county no register knows.
const UNKNOWN_COUNTY: [&str; 2] = ["999999", "某某省某某县"];

/// Writes the rows of one channel.
#[derive(Debug)]
pub struct Renderer {
    channel: Channel,
    columns: Vec<Column>,
    /// By county: code, code as written, name, full name.
    counties: Vec<[Vec<u8>; 4]>,
    /// By product: code, Chinese title, English title.
    products: Vec<[Vec<u8>; 3]>,
    statuses: [Vec<u8>; 2],
    amount_in_words: Vec<u8>,
    unknown_county: [Vec<u8>; 2],
    yen: Vec<u8>,
    yuan: Vec<u8>,
    /// 年 月 日
    day_words: [Vec<u8>; 3],
}

impl Renderer {
    /// A renderer for the rows of a channel.
    pub fn new(channel: Channel, source: &Source) -> Self {
        let text = |text: &str| encode(&channel, text);
        Self {
            channel,
            columns: channel.columns.iter().map(|(_, column)| *column).collect(),
            counties: source
                .counties
                .iter()
                .map(|c| {
                    [
                        text(&format!("{:06}", c.code)),
                        text(&c.written_code),
                        text(&c.name),
                        text(&c.full_name),
                    ]
                })
                .collect(),
            products: source
                .goods
                .iter()
                .map(|g| [text(&g.code), text(&g.title_zh), text(&g.title_en)])
                .collect(),
            statuses: STATUSES.map(text),
            amount_in_words: text(AMOUNT_IN_WORDS),
            unknown_county: UNKNOWN_COUNTY.map(text),
            yen: text("¥"),
            yuan: text("元"),
            day_words: ["年", "月", "日"].map(text),
        }
    }

    /// Writes the row of heads, behind the byte order mark where the file has one.
    pub fn head(&self, out: &mut Vec<u8>) {
        if self.channel.container == Container::Marked {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        for (index, (head, _)) in self.channel.columns.iter().enumerate() {
            if index > 0 {
                out.push(self.channel.delimiter);
            }
            out.extend_from_slice(&encode(&self.channel, head));
        }
        out.push(b'\n');
    }

    /// Writes one row.
    pub fn row(&self, out: &mut Vec<u8>, line: &Line) {
        for (index, column) in self.columns.iter().enumerate() {
            if index > 0 {
                out.push(self.channel.delimiter);
            }
            self.field(out, line, *column);
        }
        out.push(b'\n');
    }

    fn field(&self, out: &mut Vec<u8>, line: &Line, column: Column) {
        match column {
            Column::Order if line.flaw == Some(Flaw::NoOrderNumber) => {}
            Column::Order => self.order(out, line),
            Column::Line => number(out, line.number),
            Column::Day => self.day(out, line),
            Column::CountyCode => self.county(out, line, 0),
            Column::OldCountyCode => self.county(out, line, 1),
            Column::CountyName => self.county(out, line, 2),
            Column::FullCountyName => self.county(out, line, 3),
            Column::Product => self.product(out, line, 0),
            Column::Title => self.product(out, line, 1),
            Column::TitleEn => self.product(out, line, 2),
            Column::Quantity => {
                if self.is_negative(line) {
                    out.push(b'-');
                }
                number(out, line.quantity);
            }
            Column::UnitPrice => self.unit_price(out, line),
            Column::Amount => self.amount(out, line),
            Column::Status => {
                let [paid, refunded] = &self.statuses;
                out.extend_from_slice(if line.refund { refunded } else { paid });
            }
        }
    }

    fn order(&self, out: &mut Vec<u8>, line: &Line) {
        match self.channel.refund {
            RefundStyle::Prefix(prefix) if line.refund => out.extend_from_slice(prefix.as_bytes()),
            _ => {
                out.extend_from_slice(b"SIM");
                out.extend_from_slice(self.channel.mark.as_bytes());
            }
        }
        padded(out, line.order, 12);
    }

    fn county(&self, out: &mut Vec<u8>, line: &Line, form: usize) {
        if line.flaw == Some(Flaw::UnknownCounty) {
            let [code, name] = &self.unknown_county;
            out.extend_from_slice(if form < 2 { code } else { name });
        } else if let Some(text) = self.counties.get(line.county).and_then(|forms| forms.get(form)) {
            out.extend_from_slice(text);
        }
    }

    fn product(&self, out: &mut Vec<u8>, line: &Line, form: usize) {
        if let Some(text) = self.products.get(line.product).and_then(|forms| forms.get(form)) {
            out.extend_from_slice(text);
        }
    }

    /// Whether the row's quantity and amount are written below zero.
    fn is_negative(&self, line: &Line) -> bool {
        line.refund && self.channel.refund != RefundStyle::StatusReversed
    }

    fn day(&self, out: &mut Vec<u8>, line: &Line) {
        let (month, day) = match line.flaw {
            Some(Flaw::NoSuchDay) => (2, 30),
            _ => (u64::from(line.month), u64::from(line.day)),
        };
        let joined = |out: &mut Vec<u8>, parts: [u64; 3], mark: u8| {
            for (index, part) in parts.into_iter().enumerate() {
                if index > 0 {
                    out.push(mark);
                }
                number(out, part);
            }
        };
        match self.channel.day {
            DayStyle::IsoTime => {
                out.extend_from_slice(b"2018-");
                padded(out, month, 2);
                out.push(b'-');
                padded(out, day, 2);
                time(out, line, true);
            }
            DayStyle::SlashTime => {
                joined(out, [2018, month, day], b'/');
                time(out, line, false);
            }
            DayStyle::Chinese => {
                for (part, word) in [2018, month, day].into_iter().zip(&self.day_words) {
                    number(out, part);
                    out.extend_from_slice(word);
                }
            }
            DayStyle::Compact => {
                out.extend_from_slice(b"2018");
                padded(out, month, 2);
                padded(out, day, 2);
            }
            DayStyle::DayFirst => joined(out, [day, month, 2018], b'/'),
            DayStyle::MonthFirst => joined(out, [month, day, 2018], b'/'),
        }
    }

    fn unit_price(&self, out: &mut Vec<u8>, line: &Line) {
        if line.flaw == Some(Flaw::AmountInWords) && self.channel.is_priced_by_unit() {
            out.extend_from_slice(&self.amount_in_words);
        } else {
            fen(out, line.amount_fen.div_ceil(line.quantity.max(1)), false);
        }
    }

    fn amount(&self, out: &mut Vec<u8>, line: &Line) {
        if line.flaw == Some(Flaw::AmountInWords) {
            out.extend_from_slice(&self.amount_in_words);
            return;
        }
        let negative = self.is_negative(line);
        let minus = |out: &mut Vec<u8>| {
            if negative {
                out.push(b'-');
            }
        };
        match self.channel.amount {
            AmountStyle::Plain => {
                minus(out);
                fen(out, line.amount_fen, false);
            }
            AmountStyle::Yuan => {
                minus(out);
                fen(out, line.amount_fen, false);
                out.extend_from_slice(&self.yuan);
            }
            AmountStyle::Yen | AmountStyle::Commas => {
                out.push(b'"');
                minus(out);
                if self.channel.amount == AmountStyle::Yen {
                    out.extend_from_slice(&self.yen);
                }
                fen(out, line.amount_fen, true);
                out.push(b'"');
            }
            AmountStyle::Brackets => {
                if negative {
                    out.push(b'(');
                }
                fen(out, line.amount_fen, true);
                if negative {
                    out.push(b')');
                }
            }
        }
    }
}

/// A text in the channel's encoding, quoted where it holds the delimiter.
fn encode(channel: &Channel, text: &str) -> Vec<u8> {
    let text = if text.contains(char::from(channel.delimiter)) {
        Cow::from(format!("\"{text}\""))
    } else {
        Cow::from(text)
    };
    match channel.container {
        Container::Gb18030 | Container::Gb18030Gzip => encoding_rs::GB18030.encode(&text).0.into_owned(),
        _ => text.into_owned().into_bytes(),
    }
}

fn time(out: &mut Vec<u8>, line: &Line, seconds: bool) {
    out.push(b' ');
    padded(out, u64::from(line.hour), 2);
    out.push(b':');
    padded(out, u64::from(line.minute), 2);
    if seconds {
        out.push(b':');
        padded(out, u64::from(line.second), 2);
    }
}

fn digit(number: u64) -> u8 {
    b'0' + u8::try_from(number % 10).unwrap_or(0)
}

fn number(out: &mut Vec<u8>, value: u64) {
    if value >= 10 {
        number(out, value / 10);
    }
    out.push(digit(value));
}

fn padded(out: &mut Vec<u8>, value: u64, width: u32) {
    if width > 1 {
        padded(out, value / 10, width - 1);
    }
    out.push(digit(value));
}

/// Writes fen as yuan with two decimals, with thousand commas on wish.
fn fen(out: &mut Vec<u8>, amount_fen: u64, commas: bool) {
    let yuan = amount_fen / 100;
    if commas {
        grouped(out, yuan);
    } else {
        number(out, yuan);
    }
    out.push(b'.');
    padded(out, amount_fen % 100, 2);
}

fn grouped(out: &mut Vec<u8>, value: u64) {
    if value < 1_000 {
        number(out, value);
    } else {
        grouped(out, value / 1_000);
        out.push(b',');
        padded(out, value % 1_000, 3);
    }
}
