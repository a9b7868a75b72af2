//! A look at a file before it is imported: what the layout makes of its first rows. Nothing is written.

use kernel::{Fault, Refusal};
use people::places::Places;
use people::staff::PlaceFilter;
use programme::layout::Layout;
use serde::Serialize;

use super::bind::Bound;
use super::records::{Record, TableForm, for_each_record};
use super::rejects::Reject;
use super::rows::RowReader;
use super::source::OrderFile;

/// Rows a preview reads.
const ROWS: usize = 200;
/// Rows it shows.
const SHOWN: usize = 10;

/// What a file would become.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// Name of the file.
    pub file: String,
    /// Its heads.
    pub heads: Vec<String>,
    /// Rows read for the preview.
    pub rows_read: usize,
    /// The first lines as they would stand in the lake.
    pub lines: Vec<PreviewLine>,
    /// Rows among those read that would not be taken.
    pub rejects: Vec<Reject>,
}

/// One line as it would stand in the lake.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewLine {
    /// Line of the file.
    pub line: u64,
    /// Order number.
    pub order_no: String,
    /// Day, `YYYY-MM-DD`.
    pub day: String,
    /// County code.
    pub place_code: i32,
    /// Product code.
    pub product_code: String,
    /// Thousandths.
    pub quantity_milli: i64,
    /// Hundredths of the currency.
    pub amount_fen: i64,
    /// Whether it is a cancellation line.
    pub cancelled: bool,
}

struct Looking<'a> {
    layout: &'a Layout,
    places: &'a Places,
    within: &'a PlaceFilter,
    rows: Option<RowReader<'a>>,
    preview: Preview,
}

/// Reads the first rows of a file by a layout, as an import of lines within places would.
///
/// # Errors
/// What the file as a whole would be refused for, as far as its first rows show it.
pub fn preview(
    layout: &Layout,
    file: &OrderFile,
    places: &Places,
    within: &PlaceFilter,
) -> Result<Preview, Refusal> {
    let preview = Preview {
        file: file.name(),
        heads: Vec::new(),
        rows_read: 0,
        lines: Vec::new(),
        rejects: Vec::new(),
    };
    let mut looking = Looking {
        layout,
        places,
        within,
        rows: None,
        preview,
    };
    let form = TableForm {
        encoding: layout.encoding,
        delimiter: layout.delimiter,
        sheet: layout.sheet.as_deref(),
        skip_rows: layout.skip_rows,
    };
    for_each_record(file, form, |record| looking.row(&record))?;
    if looking.rows.is_none() {
        return Err(Refusal::new("sales.no_head", Fault::Refused).at(file.name()));
    }
    Ok(looking.preview)
}

impl Looking<'_> {
    /// Takes one row; false once enough were seen.
    fn row(&mut self, record: &Record<'_>) -> Result<bool, Refusal> {
        let Some(rows) = &mut self.rows else {
            let heads: Vec<String> = (0..record.width).map(|column| record.text(column)).collect();
            self.preview.heads.clone_from(&heads);
            let bound = Bound::new(self.layout, heads, &self.preview.file, self.places)?;
            let rows = RowReader::new(bound, &self.layout.channel, self.places, self.within);
            self.rows = Some(rows);
            return Ok(true);
        };
        self.preview.rows_read += 1;
        match rows.read(record, record.line) {
            Ok((taken, _)) if self.preview.lines.len() < SHOWN => {
                let product_code = rows
                    .products()
                    .get(taken.product as usize)
                    .map(|product| product.code.clone())
                    .unwrap_or_default();
                self.preview.lines.push(PreviewLine {
                    line: record.line,
                    order_no: String::from_utf8_lossy(taken.order_no).into_owned(),
                    day: crate::days::text(taken.epoch_days),
                    place_code: taken.place,
                    product_code,
                    quantity_milli: taken.quantity_milli,
                    amount_fen: taken.amount_fen,
                    cancelled: taken.cancelled,
                });
            }
            Ok(_) => {}
            Err(error) => {
                let field = error
                    .column
                    .map(|column| rows.bound().head(column).to_owned())
                    .unwrap_or_default();
                self.preview.rejects.push(Reject {
                    line: record.line,
                    field,
                    value: error.value,
                    code: error.code,
                });
            }
        }
        Ok(self.preview.rows_read < ROWS)
    }
}
