//! The small tables beside the evidence, made from the programme and the book of places, and the names of keys.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::datasource::MemTable;
use kernel::{Lang, Period, PlaceCode, Refusal, Text};
use people::places::Places;
use programme::{Dimension, Programme, figures};

use super::session::in_memory;

/// The tables `places`, `poverty_counties`, `products` and `channels`, the programme's views, and the names of keys.
pub struct FigureTables {
    batches: Vec<(&'static str, RecordBatch)>,
    providers: Vec<(&'static str, Arc<MemTable>)>,
    views: Vec<String>,
    titles: HashMap<(Dimension, String), Text>,
}

impl FigureTables {
    /// The tables of a programme. `imported` are products as channels named them (channel, code, title): a name for
    /// those the programme doesn't list.
    ///
    /// # Errors
    /// `figures.evidence_unreadable` where Arrow refuses a table, which a programme found right can't cause.
    pub fn of(
        programme: &Programme,
        places: &Places,
        imported: Vec<(String, String, String)>,
    ) -> Result<Self, Refusal> {
        let batches = vec![
            ("places", place_table(places)?),
            ("poverty_counties", poverty_table(places)?),
            ("products", product_table(programme)?),
            ("channels", channel_table(programme)?),
        ];
        let providers = batches
            .iter()
            .map(|(name, batch)| Ok((*name, Arc::new(in_memory(batch.schema(), vec![batch.clone()])?))))
            .collect::<Result<_, Refusal>>()?;
        let views = figures::statements(&programme.views_sql);
        Ok(Self {
            batches,
            providers,
            views,
            titles: titles(programme, places, imported),
        })
    }

    /// The tables as the pack ships them, by name.
    #[must_use]
    pub fn batches(&self) -> &[(&'static str, RecordBatch)] {
        &self.batches
    }

    pub(super) fn providers(&self) -> &[(&'static str, Arc<MemTable>)] {
        &self.providers
    }

    pub(super) fn views(&self) -> &[String] {
        &self.views
    }

    /// The name of a key for readers; the key itself where nothing names it.
    #[must_use]
    pub fn title(&self, by: Dimension, key: &str) -> Text {
        if by == Dimension::Month {
            return month_title(key);
        }
        self.titles
            .get(&(by, key.to_owned()))
            .cloned()
            .unwrap_or_else(|| Text::new(key, key))
    }
}

/// `201806` as `2018年6月` and `June 2018`.
fn month_title(key: &str) -> Text {
    let month = key
        .split_at_checked(4)
        .and_then(|(year, month)| format!("{year}-{month}").parse::<Period>().ok());
    month.map_or_else(
        || Text::new(key, key),
        |month| Text::new(month.title(Lang::Zh), month.title(Lang::En)),
    )
}

fn titles(
    programme: &Programme,
    places: &Places,
    imported: Vec<(String, String, String)>,
) -> HashMap<(Dimension, String), Text> {
    let mut titles = HashMap::new();
    for (_, code, title) in imported.into_iter().filter(|(_, _, title)| !title.is_empty()) {
        titles
            .entry((Dimension::Product, code))
            .or_insert_with(|| Text::new(title.as_str(), title.as_str()));
    }
    let products = programme
        .products
        .iter()
        .map(|product| ((Dimension::Product, product.code.clone()), product.title.clone()));
    titles.extend(products);
    titles.extend(
        programme
            .channels()
            .into_iter()
            .map(|(name, title)| ((Dimension::Channel, name.to_owned()), title.clone())),
    );
    titles.extend(
        places
            .all()
            .iter()
            .map(|place| ((Dimension::Place, place.code.to_string()), place.title())),
    );
    titles
}

fn place_table(places: &Places) -> Result<RecordBatch, Refusal> {
    let all = places.all();
    table(vec![
        (
            "code",
            DataType::Int32,
            numbers(all.iter().map(|place| Some(place.code))),
        ),
        (
            "name_zh",
            DataType::Utf8,
            texts(all.iter().map(|place| place.name_zh)),
        ),
        (
            "name_en",
            DataType::Utf8,
            texts(all.iter().map(people::places::Place::name_en)),
        ),
        (
            "level",
            DataType::Utf8,
            texts(all.iter().map(|place| place.level.as_str())),
        ),
        (
            "province_code",
            DataType::Int32,
            numbers(all.iter().map(|place| Some(place.province))),
        ),
        (
            "prefecture_code",
            DataType::Int32,
            numbers(all.iter().map(|place| place.prefecture)),
        ),
    ])
}

fn poverty_table(places: &Places) -> Result<RecordBatch, Refusal> {
    let codes = places.poverty_codes();
    let years: Int32Array = codes.iter().map(|(_, year)| Some(i32::from(*year))).collect();
    table(vec![
        (
            "code",
            DataType::Int32,
            numbers(codes.iter().map(|(code, _)| Some(*code))),
        ),
        ("delisted_year", DataType::Int32, Arc::new(years)),
    ])
}

fn product_table(programme: &Programme) -> Result<RecordBatch, Refusal> {
    let products = &programme.products;
    table(vec![
        (
            "code",
            DataType::Utf8,
            texts(products.iter().map(|product| product.code.as_str())),
        ),
        (
            "title_zh",
            DataType::Utf8,
            texts(products.iter().map(|product| product.title.zh.as_str())),
        ),
        (
            "title_en",
            DataType::Utf8,
            texts(products.iter().map(|product| product.title.en.as_str())),
        ),
        (
            "place_code",
            DataType::Int32,
            numbers(products.iter().map(|product| product.place)),
        ),
    ])
}

fn channel_table(programme: &Programme) -> Result<RecordBatch, Refusal> {
    let channels = programme.channels();
    table(vec![
        (
            "name",
            DataType::Utf8,
            texts(channels.iter().map(|(name, _)| *name)),
        ),
        (
            "title_zh",
            DataType::Utf8,
            texts(channels.iter().map(|(_, title)| title.zh.as_str())),
        ),
        (
            "title_en",
            DataType::Utf8,
            texts(channels.iter().map(|(_, title)| title.en.as_str())),
        ),
    ])
}

fn numbers(codes: impl Iterator<Item = Option<PlaceCode>>) -> ArrayRef {
    let number = |code: PlaceCode| code.as_u32().and_then(|code| i32::try_from(code).ok());
    Arc::new(codes.map(|code| code.and_then(number)).collect::<Int32Array>())
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(texts.map(Some).collect::<StringArray>())
}

fn table(columns: Vec<(&str, DataType, ArrayRef)>) -> Result<RecordBatch, Refusal> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, kind, array)| Field::new(*name, kind.clone(), array.null_count() > 0))
        .collect();
    let arrays = columns.into_iter().map(|(_, _, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|error| Refusal::broken("figures.evidence_unreadable", &error))
}
