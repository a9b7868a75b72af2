//! A sorted batch of lines as typed arrays: what a segment is written from, and read back into.

use std::fs::File;
use std::io::Error;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray,
    UInt32Array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, UInt32Type};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};

use super::columns::{column, flags, for_each_batch, numbers, texts};
use super::runs::Summed;

/// Lines of one channel and currency, one row group of a segment.
#[derive(Debug, Clone)]
pub struct LineBatch {
    /// See [`super::schema::line_schema`] for each column.
    pub order_no: StringArray,
    /// Line number within the order.
    pub line_no: Int64Array,
    /// Day of the sale.
    pub day: Date32Array,
    /// Year × 100 + month.
    pub month: Int32Array,
    /// County.
    pub place: Int32Array,
    /// Number of the product in the list that goes with the batch.
    pub product: UInt32Array,
    /// Thousandths of the channel's unit.
    pub quantity_milli: Int64Array,
    /// Hundredths of the currency, signed.
    pub amount_fen: Int64Array,
    /// Whether the line takes an earlier one back.
    pub cancelled: BooleanArray,
    /// Line of the order file.
    pub source_line: Int64Array,
}

impl LineBatch {
    /// How many lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns that are summed; `products` is how long the list of products is.
    #[must_use]
    pub fn summed(&self, products: usize) -> Summed<'_> {
        Summed {
            month: self.month.values(),
            place: self.place.values(),
            product: self.product.values(),
            products,
            quantity_milli: self.quantity_milli.values(),
            amount_fen: self.amount_fen.values(),
            cancelled: self.cancelled.values(),
        }
    }

    /// The lines `keep` is true for.
    ///
    /// # Errors
    /// What Arrow gave (a mask of another length).
    pub fn filter(&self, keep: &BooleanArray) -> Result<Self, ArrowError> {
        let kept = |array: &dyn Array| arrow::compute::filter(array, keep);
        Ok(Self {
            order_no: kept(&self.order_no)?.as_string::<i32>().clone(),
            line_no: kept(&self.line_no)?.as_primitive::<Int64Type>().clone(),
            day: kept(&self.day)?.as_primitive::<Date32Type>().clone(),
            month: kept(&self.month)?.as_primitive::<Int32Type>().clone(),
            place: kept(&self.place)?.as_primitive::<Int32Type>().clone(),
            product: kept(&self.product)?.as_primitive::<UInt32Type>().clone(),
            quantity_milli: kept(&self.quantity_milli)?.as_primitive::<Int64Type>().clone(),
            amount_fen: kept(&self.amount_fen)?.as_primitive::<Int64Type>().clone(),
            cancelled: kept(&self.cancelled)?.as_boolean().clone(),
            source_line: kept(&self.source_line)?.as_primitive::<Int64Type>().clone(),
        })
    }

    /// A column of whole numbers of 64 bits by its name, where none is missing.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Option<&[i64]> {
        let column = match name {
            "line_no" => &self.line_no,
            "quantity_milli" => &self.quantity_milli,
            "amount_fen" => &self.amount_fen,
            "source_line" => &self.source_line,
            _ => return None,
        };
        (column.null_count() == 0).then(|| column.values().as_ref())
    }

    /// A column by its name in [`super::schema::line_schema`], of those that the library writes. Channel and currency are no
    /// columns of a batch: they are the same in every row of a segment.
    ///
    /// # Errors
    /// What Arrow gave: a name that is no column here.
    pub fn column(&self, name: &str) -> Result<ArrayRef, ArrowError> {
        Ok(match name {
            "order_no" => Arc::new(self.order_no.clone()),
            "line_no" => Arc::new(self.line_no.clone()),
            "day" => Arc::new(self.day.clone()),
            "month" => Arc::new(self.month.clone()),
            "place_code" => Arc::new(self.place.clone()),
            "cancelled" => Arc::new(self.cancelled.clone()),
            _ => return Err(ArrowError::SchemaError(format!("no column {name}"))),
        })
    }

    /// Hands over the lines of a segment's file with their lists of products, a row group at a time.
    ///
    /// # Errors
    /// What reading gave, or `each`.
    pub fn for_each_of(
        segment: &Path,
        mut each: impl FnMut(&Self, &ArrayRef) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let file = File::open(segment)?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(Error::other)?;
        for_each_batch(&file, &metadata, &ProjectionMask::all(), |batch| {
            let (lines, products) = Self::from_record_batch(batch)?;
            each(&lines, &products)
        })
    }

    /// Reads a record batch of [`super::schema::line_schema`] back; gives the batch and its list of products.
    fn from_record_batch(batch: &RecordBatch) -> Result<(Self, ArrayRef), Error> {
        let by_number = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
        let product = cast(column(batch, "product_code")?, &by_number).map_err(Error::other)?;
        let product = product.as_dictionary::<UInt32Type>();
        let lines = Self {
            order_no: texts(batch, "order_no")?.clone(),
            line_no: numbers(batch, "line_no")?.clone(),
            day: numbers(batch, "day")?.clone(),
            month: numbers(batch, "month")?.clone(),
            place: numbers(batch, "place_code")?.clone(),
            product: product.keys().clone(),
            quantity_milli: numbers(batch, "quantity_milli")?.clone(),
            amount_fen: numbers(batch, "amount_fen")?.clone(),
            cancelled: flags(batch, "cancelled")?.clone(),
            source_line: numbers(batch, "source_line")?.clone(),
        };
        Ok((lines, Arc::clone(product.values())))
    }
}
