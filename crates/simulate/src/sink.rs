//! Where the rows of a file go: plain, gzip, zip, or the one workbook. Files of the same rows have the same bytes: no
//! container is given the time it was made at.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use kernel::{Fault, Refusal};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::channels::{Channel, Column, Container};
use crate::source::Source;
use crate::stream::{Flaw, Line};

/// Bytes gathered before they are written.
const BUFFER_BYTES: usize = 1 << 20;

/// A file that could not be written.
pub fn unwritten(path: &Path, error: impl std::fmt::Display) -> Refusal {
    Refusal::new("simulate.not_written", Fault::Broken)
        .at(path.display())
        .fact("cause", error)
}

/// An open text file.
pub enum Sink {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
    Zip(Box<ZipWriter<BufWriter<File>>>),
}

impl Sink {
    /// Creates the file.
    pub fn create(path: &Path, container: Container) -> Result<Self, Refusal> {
        let file = File::create(path).map_err(|error| unwritten(path, error))?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(match container {
            Container::Gb18030Gzip => Self::Gzip(Box::new(GzEncoder::new(file, Compression::fast()))),
            Container::Zip => {
                let mut archive = ZipWriter::new(file);
                let options = SimpleFileOptions::default()
                    .last_modified_time(zip::DateTime::default())
                    .compression_level(Some(1))
                    .large_file(true);
                let inside = path
                    .file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned())
                    .unwrap_or_default();
                archive
                    .start_file(inside, options)
                    .map_err(|error| unwritten(path, error))?;
                Self::Zip(Box::new(archive))
            }
            _ => Self::Plain(file),
        })
    }

    /// Writes bytes.
    pub fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(file) => file.write_all(bytes),
            Self::Gzip(file) => file.write_all(bytes),
            Self::Zip(archive) => archive.write_all(bytes),
        }
    }

    /// Writes what is left and closes the file.
    pub fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Plain(mut file) => file.flush(),
            Self::Gzip(file) => file.finish()?.flush(),
            Self::Zip(archive) => archive.finish().map_err(std::io::Error::other)?.flush(),
        }
    }
}

/// The workbook of a channel of daily totals: a sheet with two rows of title, the heads, and the rows.
pub struct DailyWorkbook {
    workbook: Workbook,
    sheet: Worksheet,
    channel: Channel,
    day_format: Format,
    row: u32,
}

impl DailyWorkbook {
    /// An empty workbook with its heads.
    pub fn new(channel: Channel) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::from_ymd(2018, 7, 1)?;
        workbook.set_properties(
            &DocProperties::new()
                .set_title("模拟数据 SIMULATED")
                .set_creation_datetime(&made),
        );
        let mut sheet = Worksheet::new();
        sheet.set_name("日汇总")?;
        sheet.write_string(0, 0, "门店销售日汇总（模拟数据 SIMULATED）")?;
        sheet.write_string(1, 0, "2018年1月1日至6月30日")?;
        for (index, (head, _)) in (0..).zip(channel.columns) {
            sheet.write_string(2, index, *head)?;
        }
        let day_format = Format::new().set_num_format("yyyy-mm-dd");
        Ok(Self {
            workbook,
            sheet,
            channel,
            day_format,
            row: 3,
        })
    }

    /// Adds one row.
    pub fn row(&mut self, source: &Source, line: &Line) -> Result<(), XlsxError> {
        let sign = if line.refund { "-" } else { "" };
        for (index, (_, column)) in (0_u16..).zip(self.channel.columns) {
            let (row, sheet) = (self.row, &mut self.sheet);
            match column {
                Column::Day if line.flaw == Some(Flaw::NoSuchDay) => {
                    sheet.write_string(row, index, "2018-02-30")?;
                }
                Column::Day => {
                    let day = ExcelDateTime::from_ymd(2018, line.month, line.day)?;
                    sheet.write_datetime_with_format(row, index, &day, &self.day_format)?;
                }
                Column::Amount if line.flaw == Some(Flaw::AmountInWords) => {
                    sheet.write_string(row, index, "面议")?;
                }
                Column::Amount => {
                    let (yuan, fen) = (line.amount_fen / 100, line.amount_fen % 100);
                    cell_number(sheet, row, index, &format!("{sign}{yuan}.{fen:02}"))?;
                }
                Column::Quantity => cell_number(sheet, row, index, &format!("{sign}{}", line.quantity))?,
                other => {
                    sheet.write_string(row, index, text(source, line, *other))?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the workbook.
    pub fn save(mut self, path: &Path) -> Result<(), XlsxError> {
        self.workbook.push_worksheet(self.sheet);
        self.workbook.save(path)
    }
}

/// A spreadsheet holds binary floating point; the decimal text reads back the same from it.
fn cell_number(sheet: &mut Worksheet, row: u32, column: u16, decimal: &str) -> Result<(), XlsxError> {
    let number: f64 = decimal.parse().unwrap_or_default();
    sheet.write_number(row, column, number).map(drop)
}

fn text<'a>(source: &'a Source, line: &Line, column: Column) -> &'a str {
    let goods = source.goods.get(line.product);
    let county = source.counties.get(line.county);
    match column {
        Column::FullCountyName if line.flaw == Some(Flaw::UnknownCounty) => "某某省某某县",
        Column::FullCountyName => county.map_or("", |county| &county.full_name),
        Column::Product => goods.map_or("", |goods| &goods.code),
        _ => goods.map_or("", |goods| &goods.title_zh),
    }
}
