//! Holds a layout against the heads of a file: which column is what.

use kernel::{Fault, Refusal};
use people::places::Places;
use programme::layout::{DayForm, Grain, Layout, PlaceForm, Sign};

/// Where a line's county comes from.
#[derive(Debug, Clone, Copy)]
pub enum PlaceColumn {
    /// The layout fixes it for the whole file.
    Fixed(i32),
    /// A column of codes.
    Code(usize),
    /// A column of names.
    Name(usize),
}

/// Where a line's amount comes from.
#[derive(Debug, Clone, Copy)]
pub enum AmountColumn {
    /// A column of amounts.
    Paid(usize),
    /// A column of prices, to be multiplied by the quantity.
    UnitPrice(usize),
}

/// How a cancellation line is known.
#[derive(Debug, Clone, Default)]
pub struct Cancellation {
    /// Order numbers that begin so.
    pub order_prefix: Option<Vec<u8>>,
    /// A negative quantity.
    pub negative_quantity: bool,
    /// A column with one of these values.
    pub status: Option<(usize, Vec<Vec<u8>>)>,
    /// The channel writes what was given back as a positive amount.
    pub reversed: bool,
}

/// A layout bound to the columns of one file.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The heads as they stand in the file.
    pub heads: Vec<String>,
    /// What a row is.
    pub grain: Grain,
    /// Order number; none for daily summaries.
    pub order: Option<usize>,
    /// Line number.
    pub line: Option<usize>,
    /// Day of the sale.
    pub day: usize,
    /// How days are written.
    pub day_forms: Vec<DayForm>,
    /// County.
    pub place: PlaceColumn,
    /// Product code.
    pub product: usize,
    /// Product title.
    pub title: Option<usize>,
    /// Quantity.
    pub quantity: usize,
    /// Amount.
    pub amount: AmountColumn,
    /// Cancellations.
    pub cancellation: Cancellation,
}

impl Bound {
    /// Finds every column of the layout among the heads.
    ///
    /// # Errors
    /// `sales.missing_column` (naming what was sought and what the file has), `sales.repeated_head`,
    /// `sales.bad_fixed_place`.
    pub fn new(layout: &Layout, heads: Vec<String>, file: &str, places: &Places) -> Result<Self, Refusal> {
        let finder = Finder { heads: &heads, file };
        let place = match (&layout.place.code, layout.place.form) {
            (Some(code), _) => PlaceColumn::Fixed(fixed_place(code, places)?),
            (None, PlaceForm::Code) => PlaceColumn::Code(finder.find("place", &layout.place.column)?),
            (None, PlaceForm::Name) => PlaceColumn::Name(finder.find("place", &layout.place.column)?),
        };
        let amount = if layout.amount.unit_price.is_empty() {
            AmountColumn::Paid(finder.find("amount", &layout.amount.column)?)
        } else {
            AmountColumn::UnitPrice(finder.find("amount.unit_price", &layout.amount.unit_price)?)
        };
        let optional =
            |field, column: Option<&Vec<String>>| column.map(|column| finder.find(field, column)).transpose();
        Ok(Self {
            grain: layout.grain,
            order: optional("order", layout.order.as_ref().map(|order| &order.column))?,
            line: optional("line", layout.line.as_ref().map(|line| &line.column))?,
            day: finder.find("day", &layout.day.column)?,
            day_forms: layout.day.forms.clone(),
            place,
            product: finder.find("product", &layout.product.column)?,
            title: layout.product.title.iter().find_map(|head| finder.position(head)),
            quantity: finder.find("quantity", &layout.quantity.column)?,
            amount,
            cancellation: cancellation(layout, &finder)?,
            heads,
        })
    }

    /// The head of a column.
    #[must_use]
    pub fn head(&self, column: usize) -> &str {
        self.heads.get(column).map_or("", String::as_str)
    }

    /// The head of the column the amount is read from.
    #[must_use]
    pub fn amount_head(&self) -> &str {
        let (AmountColumn::Paid(column) | AmountColumn::UnitPrice(column)) = self.amount;
        self.head(column)
    }
}

struct Finder<'a> {
    heads: &'a [String],
    file: &'a str,
}

impl Finder<'_> {
    fn position(&self, head: &str) -> Option<usize> {
        self.heads.iter().position(|found| found == head)
    }

    fn find(&self, field: &str, wanted: &[String]) -> Result<usize, Refusal> {
        let Some(column) = wanted.iter().find_map(|head| self.position(head)) else {
            return Err(Refusal::new("sales.missing_column", Fault::Refused)
                .at(self.file)
                .value(wanted.join(" / "))
                .fact("field", field.to_owned())
                .fact("heads", self.heads.join(", ")));
        };
        let head = self.heads.get(column);
        if self.heads.iter().filter(|found| Some(*found) == head).count() > 1 {
            return Err(Refusal::new("sales.repeated_head", Fault::Refused)
                .at(self.file)
                .value(head.cloned().unwrap_or_default()));
        }
        Ok(column)
    }
}

fn cancellation(layout: &Layout, finder: &Finder<'_>) -> Result<Cancellation, Refusal> {
    let Some(rule) = &layout.cancelled else {
        return Ok(Cancellation::default());
    };
    let status = if rule.column.is_empty() {
        None
    } else {
        let values = rule
            .values
            .iter()
            .map(|value| value.as_bytes().to_vec())
            .collect();
        Some((finder.find("cancelled", &rule.column)?, values))
    };
    Ok(Cancellation {
        order_prefix: rule
            .order_prefix
            .as_ref()
            .map(|prefix| prefix.as_bytes().to_vec()),
        negative_quantity: rule.negative_quantity,
        status,
        reversed: rule.sign == Sign::Reversed,
    })
}

fn fixed_place(code: &str, places: &Places) -> Result<i32, Refusal> {
    super::counties::county_by_code(code.as_bytes(), places)
        .map_err(|_| Refusal::new("sales.bad_fixed_place", Fault::Refused).value(code.to_owned()))
}
