//! Model counties (样板县): the counties the programme shows its way of working in, each with its product.

use crate::source::Source;
use crate::{Finding, lists};

/// One model county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelCounty {
    /// Its name as the list writes it, for example `礼县`.
    pub county: String,
    /// Its province, for example `甘肃`.
    pub province: String,
    /// Its product, in Chinese.
    pub product_zh: String,
    /// Its product, in English.
    pub product_en: String,
    /// Where the product is known from.
    pub note: String,
}

/// Reads `model_counties.csv`.
pub(crate) fn read(source: Source<'_>) -> (Vec<ModelCounty>, Vec<Finding>) {
    lists::read(
        source,
        &["county", "province", "product_zh", "product_en", "note"],
        |row| {
            Ok(ModelCounty {
                county: row.text("county").to_owned(),
                province: row.text("province").to_owned(),
                product_zh: row.text("product_zh").to_owned(),
                product_en: row.text("product_en").to_owned(),
                note: row.text("note").to_owned(),
            })
        },
    )
}
