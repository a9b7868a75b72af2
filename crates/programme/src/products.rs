//! The products and counties of the produce channel, as the folder lists them.

use kernel::{PlaceCode, Text};

use crate::source::Source;
use crate::{Finding, lists};

/// One product with its county of origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The code that channels write.
    pub code: String,
    /// Its name for readers.
    pub title: Text,
    /// Its county of origin; none for a category of goods.
    pub place: Option<PlaceCode>,
    /// True when it is made up.
    pub simulated: bool,
}

/// One county on the produce channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCounty {
    /// Its code.
    pub code: PlaceCode,
    /// Its Chinese name.
    pub name: String,
    /// Whether the list counts it among the national-level poverty counties.
    pub is_poverty_county: bool,
    /// True when it is made up that this county is on the channel.
    pub simulated: bool,
}

/// Reads `products.csv`.
pub(crate) fn read(source: Source<'_>) -> (Vec<Product>, Vec<Finding>) {
    let columns = ["code", "title_zh", "title_en", "place_code", "simulated"];
    lists::read(source, &columns, |row| {
        let place = row
            .text("place_code")
            .parse()
            .map_err(|refusal| row.refused(refusal))?;
        Ok(product(row, Some(place)))
    })
}

/// Reads `categories.csv`: goods without a county of origin, as the platform counts them.
pub(crate) fn read_categories(source: Source<'_>) -> (Vec<Product>, Vec<Finding>) {
    lists::read(source, &["code", "title_zh", "title_en", "simulated"], |row| {
        Ok(product(row, None))
    })
}

fn product(row: &lists::Row<'_>, place: Option<PlaceCode>) -> Product {
    Product {
        code: row.text("code").to_owned(),
        title: Text::new(row.text("title_zh"), row.text("title_en")),
        place,
        simulated: row.text("simulated") == "yes",
    }
}

/// Reads `counties.csv`.
pub(crate) fn read_counties(source: Source<'_>) -> (Vec<ChannelCounty>, Vec<Finding>) {
    lists::read(source, &["code", "name", "poverty", "simulated"], |row| {
        Ok(ChannelCounty {
            code: row.text("code").parse().map_err(|refusal| row.refused(refusal))?,
            name: row.text("name").to_owned(),
            is_poverty_county: row.text("poverty") == "yes",
            simulated: row.text("simulated") == "yes",
        })
    })
}
