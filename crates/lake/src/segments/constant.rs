//! A column that holds one value: encoded once for each number of rows and then laid into every row group as it is.
//! Row by row it would cost as much as a column of amounts.

use std::io::{Error, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema, UInt32Type};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{ColumnChunkMetaData, PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::page_index::offset_index::OffsetIndexMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedRowGroupWriter;

/// A text column of one value.
pub struct ConstantColumn {
    name: &'static str,
    value: String,
    properties: WriterProperties,
    encoded: Option<Encoded>,
}

/// The column for a number of rows.
struct Encoded {
    rows: usize,
    bytes: Bytes,
    about: ColumnChunkMetaData,
    pages: Option<OffsetIndexMetaData>,
}

impl ConstantColumn {
    /// The column `name` that holds `value`, written as `properties` say.
    #[must_use]
    pub fn new(name: &'static str, value: &str, properties: WriterProperties) -> Self {
        Self {
            name,
            value: value.to_owned(),
            properties,
            encoded: None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }

    /// Writes the column as the next of a row group.
    ///
    /// # Errors
    /// What encoding or writing gave.
    pub fn append_to<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
        rows: usize,
    ) -> Result<(), Error> {
        let encoded = match self.encoded.take() {
            Some(encoded) if encoded.rows == rows => encoded,
            _ => self.encode(rows)?,
        };
        let close = ColumnCloseResult {
            bytes_written: encoded.about.compressed_size().cast_unsigned(),
            rows_written: rows as u64,
            metadata: encoded.about.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: encoded.pages.clone(),
        };
        group.append_column(&encoded.bytes, close).map_err(Error::other)?;
        self.encoded = Some(encoded);
        Ok(())
    }

    /// Encodes the column as the only one of a file in memory.
    fn encode(&self, rows: usize) -> Result<Encoded, Error> {
        let value: ArrayRef = Arc::new(StringArray::from(vec![self.value.as_str()]));
        let column = DictionaryArray::<UInt32Type>::try_new(UInt32Array::from(vec![0; rows]), value)
            .map_err(Error::other)?;
        let column: ArrayRef = Arc::new(column);
        let batch =
            RecordBatch::try_from_iter_with_nullable([(self.name, column, false)]).map_err(Error::other)?;
        let schema = Arc::new(Schema::new(vec![Field::new(self.name, DataType::Utf8, false)]));
        let options = ArrowWriterOptions::new()
            .with_properties(self.properties.clone())
            .with_skip_arrow_metadata(true);
        let mut writer =
            ArrowWriter::try_new_with_options(Vec::new(), schema, options).map_err(Error::other)?;
        writer.write(&batch).map_err(Error::other)?;
        let bytes = Bytes::from(writer.into_inner().map_err(Error::other)?);
        let about = ParquetMetaDataReader::new()
            .with_offset_index_policy(PageIndexPolicy::Required)
            .parse_and_finish(&bytes)
            .map_err(Error::other)?;
        let column = about
            .row_groups()
            .first()
            .and_then(|group| group.columns().first());
        let pages = about.offset_index().and_then(|groups| groups.first()?.first());
        Ok(Encoded {
            rows,
            about: column
                .cloned()
                .ok_or_else(|| Error::other("a constant column of no rows"))?,
            pages: pages.cloned(),
            bytes,
        })
    }
}
