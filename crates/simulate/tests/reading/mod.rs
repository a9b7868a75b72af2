//! Reads simulated files again, with nothing of the crate under test: what the layouts say, written out once more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use calamine::{Data, Reader};
use kernel::PlaceCode;
use people::places::{Places, Resolution};

/// One accepted line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub channel: String,
    pub order: String,
    pub line: String,
    pub month: u8,
    pub day: u8,
    pub place: PlaceCode,
    pub product: String,
    pub amount_fen: i64,
    pub cancelled: bool,
}

/// What one file held.
#[derive(Debug, Default)]
pub struct FileRead {
    pub rows: Vec<Row>,
    pub rejected: u64,
    pub duplicates: u64,
}

/// How a channel writes, by hand: heads of order, line, day, place, product, quantity, amount, and of status.
struct Heads {
    order: &'static str,
    line: &'static str,
    day: &'static str,
    place: &'static str,
    product: &'static str,
    quantity: &'static str,
    amount: &'static str,
    status: &'static str,
}

/// By channel, in the order of `Heads`; `-` where the channel has no such column.
const HEADS: &str = "\
platform|order_no|line_no|paid_at|county_code|product_code|quantity|paid_amount|status
xingnong|订单编号|行号|付款时间|产地县代码|商品编码|数量|实付金额|-
tmall-supermarket|主订单号|-|成交日期|产地|货号|件数|买家实付|交易状态
hema|-|-|销售日期|产地|商品编码|销量|销售额|-
rt-mart|Receipt No|Line|Sale Date|Origin Code|SKU|Qty|Amount CNY|-
intime|小票号|-|销售日|产地|款号|数量|金额|-
flagship-bachu|InvoiceNo|LineNo|InvoiceDate|-|StockCode|Quantity|UnitPrice|-";

fn heads(channel: &str) -> Heads {
    let table = HEADS
        .lines()
        .find(|row| row.split('|').next() == Some(channel))
        .unwrap();
    let mut heads = table
        .split('|')
        .skip(1)
        .map(|head| if head == "-" { "" } else { head });
    let mut next = || heads.next().unwrap();
    Heads {
        order: next(),
        line: next(),
        day: next(),
        place: next(),
        product: next(),
        quantity: next(),
        amount: next(),
        status: next(),
    }
}

/// Reads one file after others, of whose rows `seen` knows.
pub fn read(path: &Path, channel: &str, seen: &mut Seen) -> FileRead {
    let table = if channel == "hema" {
        workbook(path)
    } else {
        text_table(path, channel)
    };
    let (head, body) = table.split_first().unwrap();
    let heads = heads(channel);
    let mut read = FileRead::default();
    let mut here: BTreeMap<Row, u64> = BTreeMap::new();
    for fields in body {
        assert_eq!(fields.len(), head.len(), "{}", path.display());
        let get = |name: &str| match name {
            "" => "",
            _ => fields[head.iter().position(|h| h == name).unwrap()].as_str(),
        };
        let Some(row) = row(channel, &heads, &get) else {
            read.rejected += 1;
            continue;
        };
        assert!(channel == "hema" || row.order.starts_with("SIM"), "{row:?}");
        let known = if row.line.is_empty() {
            let count = here.entry(row.clone()).or_default();
            *count += 1;
            *count <= seen.contents.get(&row).copied().unwrap_or_default()
        } else {
            !seen
                .lines
                .insert((row.channel.clone(), row.order.clone(), row.line.clone()))
        };
        if known {
            read.duplicates += 1;
        } else {
            read.rows.push(row);
        }
    }
    for (row, count) in here {
        let before = seen.contents.entry(row).or_default();
        *before = count.max(*before);
    }
    read
}

/// What earlier files held.
#[derive(Debug, Default)]
pub struct Seen {
    lines: BTreeSet<(String, String, String)>,
    contents: BTreeMap<Row, u64>,
}

fn row<'a>(channel: &str, heads: &Heads, get: &impl Fn(&str) -> &'a str) -> Option<Row> {
    let order = get(heads.order).to_owned();
    if order.is_empty() && !heads.order.is_empty() {
        return None;
    }
    let (month, day) = day(channel, get(heads.day))?;
    let place = match get(heads.place) {
        "" => PlaceCode::try_from(653_130_u64).unwrap(),
        code if code.bytes().all(|b| b.is_ascii_digit()) => in_force(code)?,
        name => Places::national().by_full_name(name).ok()?,
    };
    let quantity: i64 = get(heads.quantity).parse().unwrap();
    let mut amount_fen = fen(get(heads.amount))?;
    if channel == "flagship-bachu" {
        amount_fen *= quantity;
    }
    let status = get(heads.status);
    let cancelled = match channel {
        "platform" | "tmall-supermarket" => status == "已退款",
        "xingnong" => order.starts_with("SIM-TK"),
        "intime" => order.starts_with("SIM-TH"),
        _ => quantity < 0,
    };
    if channel == "tmall-supermarket" {
        assert!(amount_fen > 0);
        amount_fen *= if cancelled { -1 } else { 1 };
    }
    assert_eq!(cancelled, amount_fen < 0, "{order}");
    assert_ne!(amount_fen, 0);
    let product = get(heads.product).to_owned();
    Some(Row {
        channel: channel.to_owned(),
        order,
        line: get(heads.line).to_owned(),
        month,
        day,
        place,
        product,
        amount_fen,
        cancelled,
    })
}

fn in_force(code: &str) -> Option<PlaceCode> {
    let code: PlaceCode = code.parse().unwrap();
    match Places::national().resolve(code) {
        Resolution::Current => Some(code),
        Resolution::Successor(new) => Some(new),
        _ => None,
    }
}

/// Month and day of 2018; none for the 30 February.
fn day(channel: &str, text: &str) -> Option<(u8, u8)> {
    let text = text.split(' ').next().unwrap();
    let parts: Vec<u16> = match channel {
        "intime" => vec![
            text[..4].parse().unwrap(),
            text[4..6].parse().unwrap(),
            text[6..].parse().unwrap(),
        ],
        _ => text
            .split(['-', '/', '年', '月', '日'])
            .filter(|p| !p.is_empty())
            .map(|p| p.parse().unwrap())
            .collect(),
    };
    let (year, month, day) = match (channel, parts.as_slice()) {
        ("rt-mart", [day, month, year])
        | ("flagship-bachu", [month, day, year])
        | (_, [year, month, day]) => (*year, *month, *day),
        other => panic!("{other:?}"),
    };
    assert_eq!(year, 2018);
    assert!((1..=6).contains(&month) && (1..=31).contains(&day));
    ((month, day) != (2, 30)).then(|| (u8::try_from(month).unwrap(), u8::try_from(day).unwrap()))
}

/// An amount in fen; none for words.
fn fen(text: &str) -> Option<i64> {
    let negative = text.contains('-') || text.starts_with('(');
    let digits: String = text.chars().filter(|c| !"¥元,()-".contains(*c)).collect();
    let (yuan, fen) = digits.split_once('.')?;
    assert_eq!(fen.len(), 2, "{text}");
    let value = yuan.parse::<i64>().unwrap() * 100 + fen.parse::<i64>().unwrap();
    Some(if negative { -value } else { value })
}

fn text_table(path: &Path, channel: &str) -> Vec<Vec<String>> {
    let bytes = fs::read(path).unwrap();
    let mut plain = Vec::new();
    match path.extension().and_then(|e| e.to_str()).unwrap() {
        "gz" => drop(
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_end(&mut plain)
                .unwrap(),
        ),
        "zip" => {
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
            assert_eq!(archive.len(), 1);
            archive.by_index(0).unwrap().read_to_end(&mut plain).unwrap();
        }
        _ => plain = bytes,
    }
    let text = match channel {
        "tmall-supermarket" | "intime" => {
            assert!(
                std::str::from_utf8(&plain).is_err(),
                "{} should be GB 18030",
                path.display()
            );
            encoding_rs::GB18030
                .decode_without_bom_handling_and_without_replacement(&plain)
                .unwrap()
                .into_owned()
        }
        "xingnong" | "flagship-bachu" => String::from_utf8(plain)
            .unwrap()
            .strip_prefix('\u{feff}')
            .unwrap()
            .to_owned(),
        _ => String::from_utf8(plain).unwrap(),
    };
    let delimiter = match channel {
        "tmall-supermarket" => b'\t',
        "rt-mart" => b';',
        _ => b',',
    };
    csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn workbook(path: &Path) -> Vec<Vec<String>> {
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = workbook.worksheet_range("日汇总").unwrap();
    assert!(range.get_value((0, 0)).unwrap().to_string().contains("模拟数据"));
    range
        .rows()
        .skip(2)
        .map(|cells| {
            cells
                .iter()
                .zip(0..)
                .map(|(cell, column)| cell_text(cell, column))
                .collect()
        })
        .collect()
}

fn cell_text(cell: &Data, column: usize) -> String {
    match cell {
        Data::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year}-{month}-{day}")
        }
        Data::Float(number) if column == 5 => format!("{number:.2}"),
        other => other.to_string(),
    }
}
