//! The columns of a line and of a rollup row, as any reader of Parquet sees them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

/// Columns of a segment, in order. Amounts are hundredths of the currency, quantities thousandths of the channel's
/// unit; `source_line` is the line of the order file on which the record began.
#[must_use]
pub fn line_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("channel", DataType::Utf8, false),
        Field::new("order_no", DataType::Utf8, false),
        Field::new("line_no", DataType::Int64, true),
        Field::new("day", DataType::Date32, false),
        Field::new("month", DataType::Int32, false),
        Field::new("place_code", DataType::Int32, false),
        Field::new("product_code", DataType::Utf8, false),
        Field::new("currency", DataType::Utf8, false),
        Field::new("quantity_milli", DataType::Int64, false),
        Field::new("amount_fen", DataType::Int64, false),
        Field::new("cancelled", DataType::Boolean, false),
        Field::new("source_line", DataType::Int64, false),
    ]))
}

/// Columns of a rollup: one row a channel, month, place, product and currency; the same columns as the table `sales`.
#[must_use]
pub fn rollup_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("channel", DataType::Utf8, false),
        Field::new("month", DataType::Int32, false),
        Field::new("place_code", DataType::Int32, false),
        Field::new("product_code", DataType::Utf8, false),
        Field::new("currency", DataType::Utf8, false),
        Field::new("lines", DataType::Int64, false),
        Field::new("cancelled_lines", DataType::Int64, false),
        Field::new("quantity_milli", DataType::Int64, false),
        Field::new("gross_fen", DataType::Int64, false),
        Field::new("net_fen", DataType::Int64, false),
    ]))
}
