//! Reads one record of an order file into a line of the lake, or says which field breaks which rule.

use people::places::Places;
use people::staff::PlaceFilter;
use programme::layout::Grain;

use super::bind::{AmountColumn, Bound, PlaceColumn};
use super::code_text::code_text;
use super::codes::{Codes, Short, short};
use super::counties::{county_by_code, county_by_name};
use super::values::{self, Day, Decimal};
use crate::keys::{Content, Keying, LineKey};
use crate::own_places;
use crate::segments::Line;

/// The most distinct products one import may name.
const PRODUCTS_MAX: usize = 1 << 20;
/// A line of a place for which whoever hands it in has no right.
const NOT_YOURS: &str = "sales.place_not_yours";

/// The cells of one record.
pub trait Cells {
    /// The cell of a column; empty where the record is shorter.
    fn cell(&self, column: usize) -> &[u8];
}

impl Cells for delimited::Fields<'_> {
    fn cell(&self, column: usize) -> &[u8] {
        self.get(column)
    }
}

impl Cells for Vec<String> {
    fn cell(&self, column: usize) -> &[u8] {
        self.get(column).map_or(&[], |text| text.as_bytes())
    }
}

/// A field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Stable code of the rule.
    pub code: &'static str,
    /// The column; none where the record as a whole is wrong.
    pub column: Option<usize>,
    /// What stood there.
    pub value: String,
}

impl RowError {
    /// What stood in a column, shortened.
    pub fn at(code: &'static str, column: usize, value: &[u8]) -> Self {
        Self {
            code,
            column: Some(column),
            value: String::from_utf8_lossy(value).chars().take(80).collect(),
        }
    }

    /// A line that is here already with another amount, day, place, quantity or product; `amount` is what it says now.
    pub fn changed(amount: String) -> Self {
        Self {
            code: "sales.line_changed",
            column: None,
            value: amount,
        }
    }
}

/// A product an import named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedProduct {
    /// Code.
    pub code: String,
    /// Title, empty where the file has none.
    pub title: String,
}

/// A product, as rows name it.
#[derive(Debug, Clone, Copy)]
struct Product {
    /// Number in the import's list.
    number: u32,
    /// What keys take it for.
    hash: u64,
}

/// Reads records of one file.
pub struct RowReader<'p> {
    bound: Bound,
    places: &'p Places,
    within: &'p PlaceFilter,
    keying: Keying,
    /// The counties named so far whose lines may come in, so that neither lookup nor right costs anything a row.
    counties: Codes<i32>,
    numbers: Codes<Product>,
    products: Vec<NamedProduct>,
    last_day: Option<([u8; 10], Day)>,
    last_status: Option<(Short, bool)>,
}

impl<'p> RowReader<'p> {
    /// A reader for a bound layout of a channel, of lines within places.
    #[must_use]
    pub fn new(bound: Bound, channel: &str, places: &'p Places, within: &'p PlaceFilter) -> Self {
        Self {
            bound,
            places,
            within,
            keying: Keying::of(channel),
            counties: Codes::default(),
            numbers: Codes::default(),
            products: Vec::new(),
            last_day: None,
            last_status: None,
        }
    }

    /// The bound layout.
    #[must_use]
    pub fn bound(&self) -> &Bound {
        &self.bound
    }

    /// Products seen so far, by number.
    #[must_use]
    pub fn products(&self) -> &[NamedProduct] {
        &self.products
    }

    /// Reads one record.
    ///
    /// # Errors
    /// The first field, in the order the columns stand below, that breaks a rule.
    pub fn read<'c>(
        &mut self,
        cells: &'c impl Cells,
        source_line: u64,
    ) -> Result<(Line<'c>, LineKey), RowError> {
        let order_no = self.order_no(cells)?;
        let line_no = match self.bound.line {
            Some(column) => Some(
                values::whole_number(cells.cell(column))
                    .map_err(|code| RowError::at(code, column, cells.cell(column)))?,
            ),
            None => None,
        };
        let day = self.day(cells)?;
        let place = self.place(cells)?;
        let quantity = self.quantity(cells)?;
        let (amount, amount_column) = self.amount(cells, quantity)?;
        let cancelled = self.is_cancelled(cells, order_no, quantity);
        let amount_fen = self.signed(amount, cancelled).ok_or_else(|| {
            RowError::at(
                "sales.cancellation_above_zero",
                amount_column,
                cells.cell(amount_column),
            )
        })?;
        let product = self.product(cells)?;
        let quantity_milli = quantity.at_scale(3).ok_or_else(|| {
            RowError::at(
                "sales.quantity_too_fine",
                self.bound.quantity,
                cells.cell(self.bound.quantity),
            )
        })?;
        let line = Line {
            order_no,
            line_no,
            epoch_days: day.epoch_days,
            place,
            product: product.number,
            quantity_milli,
            amount_fen,
            cancelled,
            source_line,
        };
        Ok((line, self.key(&line, product.hash)))
    }

    fn key(&self, line: &Line<'_>, product: u64) -> LineKey {
        let content = Content {
            epoch_days: line.epoch_days,
            place: line.place,
            product,
            quantity_milli: line.quantity_milli,
            amount_fen: line.amount_fen,
            cancelled: line.cancelled,
        };
        match (self.bound.grain, line.line_no) {
            (Grain::DailySummary, _) => self.keying.daily(&content),
            (Grain::OrderLine, Some(line_no)) => self.keying.numbered(line.order_no, line_no, &content),
            (Grain::OrderLine, None) => self.keying.by_content(line.order_no, &content),
        }
    }

    fn order_no<'c>(&self, cells: &'c impl Cells) -> Result<&'c [u8], RowError> {
        let Some(column) = self.bound.order else {
            return Ok(&[]);
        };
        code_text(
            cells,
            column,
            "sales.missing_order_number",
            "sales.bad_order_number",
        )
    }

    fn day(&mut self, cells: &impl Cells) -> Result<Day, RowError> {
        let text = cells.cell(self.bound.day);
        // Lines of one day follow one another, often with the same ten letters in front of the time.
        let date = text.first_chunk::<10>();
        let time = text.get(10);
        if let (Some((last, day)), Some(date), None | Some(b' ' | b'T')) = (&self.last_day, date, time)
            && last == date
        {
            return Ok(*day);
        }
        let day = values::day(text, &self.bound.day_forms)
            .map_err(|code| RowError::at(code, self.bound.day, text))?;
        if let Some(date) = date.filter(|date| date[4] == b'-' && date[7] == b'-') {
            self.last_day = Some((*date, day));
        }
        Ok(day)
    }

    fn place(&mut self, cells: &impl Cells) -> Result<i32, RowError> {
        let (column, by_name) = match self.bound.place {
            PlaceColumn::Fixed(place) => return self.fixed_place(place),
            PlaceColumn::Code(column) => (column, false),
            PlaceColumn::Name(column) => (column, true),
        };
        let text = cells.cell(column);
        if let Some(county) = self.counties.get(text) {
            return Ok(county);
        }
        let found = if by_name {
            county_by_name(text, self.places)
        } else {
            county_by_code(text, self.places)
        };
        let county = found.map_err(|code| RowError::at(code, column, text))?;
        if !own_places::covers(self.within, county) {
            return Err(RowError::at(NOT_YOURS, column, text));
        }
        self.counties.insert(text, county);
        Ok(county)
    }

    /// The place of every line, where the layout fixes it.
    fn fixed_place(&self, place: i32) -> Result<i32, RowError> {
        if own_places::covers(self.within, place) {
            return Ok(place);
        }
        Err(RowError {
            code: NOT_YOURS,
            column: None,
            value: format!("{place:06}"),
        })
    }

    fn quantity(&self, cells: &impl Cells) -> Result<Decimal, RowError> {
        let text = cells.cell(self.bound.quantity);
        values::decimal(text).map_err(|code| RowError::at(quantity_code(code), self.bound.quantity, text))
    }

    fn amount(&self, cells: &impl Cells, quantity: Decimal) -> Result<(i64, usize), RowError> {
        let column = match self.bound.amount {
            AmountColumn::Paid(column) | AmountColumn::UnitPrice(column) => column,
        };
        let text = cells.cell(column);
        let number = values::decimal(text).map_err(|code| RowError::at(amount_code(code), column, text))?;
        let fen = match self.bound.amount {
            AmountColumn::Paid(_) => number
                .at_scale(2)
                .ok_or_else(|| RowError::at("sales.amount_too_fine", column, text))?,
            AmountColumn::UnitPrice(_) => number
                .times_rounded(quantity, 2)
                .ok_or_else(|| RowError::at("sales.amount_too_large", column, text))?,
        };
        if fen.unsigned_abs() > AMOUNT_FEN_MAX {
            return Err(RowError::at("sales.amount_too_large", column, text));
        }
        Ok((fen, column))
    }

    fn is_cancelled(&mut self, cells: &impl Cells, order_no: &[u8], quantity: Decimal) -> bool {
        let rule = &self.bound.cancellation;
        let prefixed = rule.order_prefix.as_ref();
        if prefixed.is_some_and(|prefix| order_no.starts_with(prefix))
            || (rule.negative_quantity && quantity.units < 0)
        {
            return true;
        }
        let Some((column, values)) = &rule.status else {
            return false;
        };
        let status = cells.cell(*column).trim_ascii();
        // Nearly all lines have the status of the line before.
        let status_code = short(status);
        if let (Some(this), Some((last, cancelled))) = (status_code, self.last_status)
            && this == last
        {
            return cancelled;
        }
        let cancelled = values.iter().any(|value| value == status);
        self.last_status = status_code.map(|code| (code, cancelled));
        cancelled
    }

    /// The amount with the sign the lake keeps, none where a cancellation would add to the sales.
    fn signed(&self, fen: i64, cancelled: bool) -> Option<i64> {
        match (cancelled, self.bound.cancellation.reversed) {
            (true, true) => Some(-fen.abs()),
            (true, false) if fen > 0 => None,
            _ => Some(fen),
        }
    }

    fn product(&mut self, cells: &impl Cells) -> Result<Product, RowError> {
        let column = self.bound.product;
        if let Some(product) = self.numbers.get(cells.cell(column).trim_ascii()) {
            return Ok(product);
        }
        let code = code_text(cells, column, "sales.missing_product", "sales.bad_product")?;
        if self.products.len() >= PRODUCTS_MAX {
            return Err(RowError::at("sales.too_many_products", column, code));
        }
        let product = Product {
            number: u32::try_from(self.products.len()).unwrap_or(u32::MAX),
            hash: Keying::product(code),
        };
        let title = self
            .bound
            .title
            .map(|column| cells.cell(column).trim_ascii())
            .unwrap_or_default();
        self.products.push(NamedProduct {
            code: String::from_utf8_lossy(code).into_owned(),
            title: String::from_utf8_lossy(title).chars().take(200).collect(),
        });
        self.numbers.insert(code, product);
        Ok(product)
    }
}

/// One line of more than a billion yuan is a slip of the pen, and keeps a sum of 500 m lines within 64 bits in all but malice.
const AMOUNT_FEN_MAX: u64 = 100_000_000_000;

fn quantity_code(code: &'static str) -> &'static str {
    if code == "sales.bad_number" {
        "sales.bad_quantity"
    } else {
        code
    }
}

fn amount_code(code: &'static str) -> &'static str {
    if code == "sales.bad_number" {
        "sales.bad_amount"
    } else {
        code
    }
}
