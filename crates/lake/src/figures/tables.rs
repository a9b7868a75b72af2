//! The small tables beside the evidence, made from the programme and the book of places, and the names of keys.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use kernel::{Period, PlaceCode, Refusal, Text};
use people::places::Places;
use programme::{Dimension, Programme, figures};
use tokio::sync::Mutex;

use super::journal::NamedTable;
use super::planner::Planner;
use super::session::in_memory;
use super::titles;
use crate::sealed::SealedTable;

/// So many periods, as they were sealed, are kept planned; then all are forgotten and planned again.
const PLANNERS_MAX: usize = 16;

/// A period and the hashes of its sealed tables.
type PlannerKey = (Period, Vec<String>);

/// The tables `places`, `poverty_counties`, `products` and `channels`, the programme's views, the names of keys, and the
/// queries planned so far: to be made once for a programme and kept.
pub struct FigureTables {
    batches: Vec<(&'static str, RecordBatch)>,
    providers: Vec<NamedTable>,
    views: Vec<String>,
    titles: HashMap<(Dimension, String), Text>,
    planners: Mutex<HashMap<PlannerKey, Arc<Planner>>>,
}

impl FigureTables {
    /// The tables of a programme.
    ///
    /// # Errors
    /// `figures.evidence_unreadable` where Arrow refuses a table, which a programme found right can't cause.
    pub fn of(programme: &Programme, places: &Places) -> Result<Self, Refusal> {
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
            titles: titles::of(programme, places),
            planners: Mutex::default(),
        })
    }

    /// The tables as the pack ships them, by name.
    #[must_use]
    pub fn batches(&self) -> &[(&'static str, RecordBatch)] {
        &self.batches
    }

    pub(super) fn providers(&self) -> &[NamedTable] {
        &self.providers
    }

    pub(super) fn views(&self) -> &[String] {
        &self.views
    }

    pub(super) fn titles(&self) -> &HashMap<(Dimension, String), Text> {
        &self.titles
    }

    /// The planner of a period whose journal tables were sealed so, opened when it is first asked for.
    pub(super) async fn planner(
        &self,
        period: Period,
        sealed: &[SealedTable],
    ) -> Result<Arc<Planner>, Refusal> {
        let key = (period, sealed.iter().map(|one| one.sha256.clone()).collect());
        let mut planners = self.planners.lock().await;
        if let Some(planner) = planners.get(&key) {
            return Ok(Arc::clone(planner));
        }
        let planner = Arc::new(Planner::open(self, period, sealed).await?);
        if planners.len() >= PLANNERS_MAX {
            planners.clear();
        }
        planners.insert(key, Arc::clone(&planner));
        Ok(planner)
    }
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
