//! The half-year report as plain data: what every face (HTML, XLSX, JSON, PDF) renders.
//!
//! Money is whole fen. A value that may not be shown because its group is too small is absent and its state says
//! so; the model never carries a hidden number. The order of the fields is the order of the keys in `report.json`.

use kernel::Text;
use serde::{Deserialize, Serialize};

/// Version of the JSON shape; raised when a key changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// One report of one programme over one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HalfYearReport {
    /// Version of this shape, see [`SCHEMA`].
    pub schema: u32,
    /// Whose report it is.
    pub programme: ProgrammeHead,
    /// What time it covers.
    pub period: ReportPeriod,
    /// When it was made, UTC, RFC 3339.
    pub made_at: String,
    /// Notice that stands on every page when the evidence is simulated; absent for real evidence.
    pub simulated: Option<Text>,
    /// Cells that stand on fewer lines than this are not published.
    pub min_lines: i64,
    /// Pillars in the programme's order, each with the ids of its figures.
    pub sections: Vec<Section>,
    /// Every defined figure.
    pub figures: Vec<Figure>,
    /// The SQL views that the definitions share.
    pub views_sql: String,
    /// Published figures that no definition recomputes yet.
    pub not_yet_defined: Vec<Published>,
    /// Timeline of the period and around it.
    pub milestones: Vec<Milestone>,
    /// Counties that carry targets.
    pub model_counties: Vec<ModelCounty>,
    /// The files the figures stand on.
    pub evidence: Evidence,
    /// Who signs the folder.
    pub signature: SignatureInfo,
}

/// Whose report it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeHead {
    /// Short id of the programme folder, e.g. `2018h1`.
    pub id: String,
    /// Title for readers.
    pub title: Text,
}

/// What time the report covers; both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPeriod {
    /// e.g. `2018H1`.
    pub id: String,
    /// Title for readers.
    pub title: Text,
    /// First business day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last business day, `YYYY-MM-DD`.
    pub last_day: String,
    /// First month as a number, e.g. `201801`.
    pub first_month: i32,
    /// Last month as a number.
    pub last_month: i32,
}

/// One pillar of the programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Pillar id.
    pub id: String,
    /// Pillar title.
    pub title: Text,
    /// Ids of its figures, in order.
    pub figures: Vec<String>,
}

/// One figure with its working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Stable id, e.g. `sales.poverty_counties`.
    pub id: String,
    /// Title for readers.
    pub title: Text,
    /// What is counted and what is not.
    pub note: Text,
    /// `fen` for money, else the name of what is counted.
    pub unit: String,
    /// The pillar it belongs to.
    pub pillar: String,
    /// The value, absent when [`Figure::state`] is not `known`.
    pub value: Option<i64>,
    /// Why the value stands or is absent.
    pub state: ValueState,
    /// What was published elsewhere for the same period, and whether the evidence agrees.
    pub published: Option<Published>,
    /// The last period's value, where there is one.
    pub previous: Option<Previous>,
    /// Parts of the value, small groups already hidden.
    pub breakdowns: Vec<Breakdown>,
    /// The definition: one SQL query over the evidence.
    pub sql: String,
    /// What the value stands on.
    pub evidence: FigureEvidence,
}

/// Why a value stands or is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueState {
    /// The value stands.
    Known,
    /// It stands on too few lines to be published.
    TooFew,
    /// The definition gives no value for this period.
    Missing,
}

/// How a published figure relates to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// `=`
    Equal,
    /// `>`
    MoreThan,
    /// `>=`
    AtLeast,
    /// `~`
    About,
}

impl Relation {
    /// The sign itself.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::MoreThan => ">",
            Self::AtLeast => ">=",
            Self::About => "~",
        }
    }
}

/// A figure as it was published elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Id in the programme's list.
    pub id: String,
    /// Pillar id.
    pub pillar: String,
    /// Title for readers.
    pub title: Text,
    /// How the published number is meant.
    pub relation: Relation,
    /// The number as published, decimal text.
    pub value: String,
    /// The unit as published, e.g. `yuan`.
    pub unit: String,
    /// First day it speaks of.
    pub from: Option<String>,
    /// Last day it speaks of.
    pub to: Option<String>,
    /// Page of the published report.
    pub page: Option<i64>,
    /// Whether our evidence agrees; absent while there is no definition.
    pub holds: Option<bool>,
}

/// The last period's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// Which period.
    pub period: String,
    /// Its title.
    pub title: Text,
    /// Its value, in the figure's unit.
    pub value: i64,
    /// This value less the last one.
    pub change: i64,
    /// The change in tenths of a percent of the last value, half away from zero; absent when that was zero.
    pub change_permille: Option<i64>,
}

/// A figure split by one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// `province`, `place`, `month`, `channel` or `product`.
    pub dimension: String,
    /// SQL expression of the key; absent for provinces, which are the sums of their counties.
    pub by: Option<String>,
    /// Whether the parts add up to the whole (they do not where one thing is counted in two parts).
    pub adds_up: bool,
    /// How many parts are hidden because they stand on too few lines.
    pub hidden: i64,
    /// True when the whole table had to be held back.
    pub withheld: bool,
    /// Parts, largest first (months in order of time), hidden ones last.
    pub rows: Vec<BreakdownRow>,
}

/// One part of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakdownRow {
    /// Code of the part.
    pub key: String,
    /// Its name.
    pub title: Text,
    /// For places: the province code.
    pub province: Option<String>,
    /// The value, absent when hidden.
    pub value: Option<i64>,
    /// How many order lines it stands on, absent when hidden.
    pub lines: Option<i64>,
    /// For provinces: how many counties stand behind it.
    pub counties: Option<i64>,
}

/// What one figure stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureEvidence {
    /// How many segments were read.
    pub segments: i64,
    /// How many order lines, or rows of a journal table, the value stands on; absent when that is too few to say.
    pub lines: Option<i64>,
    /// The journal table it stands on, in place of order lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Hash of the last manifest of the chain.
    pub chain_head: Option<String>,
    /// The largest places followed to their files.
    pub trace: Vec<TraceEvidence>,
}

/// A part of a figure followed to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceEvidence {
    /// Place code.
    pub place: String,
    /// Place name.
    pub place_title: Text,
    /// The segment.
    pub segment_sha256: String,
    /// The file as it was received.
    pub file_name: String,
    /// Hash of that file.
    pub file_sha256: String,
    /// Order lines of this place in it.
    pub lines: i64,
    /// What they add to the figure.
    pub value: i64,
    /// Line numbers of the first of them in the file.
    pub first_source_lines: Vec<i64>,
}

/// One happening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Pillar id.
    pub pillar: String,
    /// Where, as recorded; empty when nowhere in particular.
    pub place: String,
    /// What happened.
    pub title: Text,
}

/// A county that carries targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelCounty {
    /// County name.
    pub county: Text,
    /// Province name.
    pub province: Text,
    /// Its product, in Chinese.
    pub product: String,
    /// The same in English; reports of before have none.
    #[serde(default)]
    pub product_en: String,
    /// Where this is known from.
    pub note: String,
}

/// The files behind the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Order lines in all segments.
    pub rows: i64,
    /// Hash of the last manifest of the chain.
    pub chain_head: Option<String>,
    /// Every segment in the order of the chain.
    pub segments: Vec<SegmentEvidence>,
    /// The journal tables of the period, as they were sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableEvidence>,
}

/// A journal table, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEvidence {
    /// Its name in figure SQL.
    pub name: String,
    /// Hash of the Parquet file.
    pub sha256: String,
    /// Its rows.
    pub rows: i64,
}

/// One imported file, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentEvidence {
    /// Place in the chain, from 1.
    pub chain_no: i64,
    /// Hash of the Parquet file.
    pub sha256: String,
    /// The file as it was received.
    pub file_name: String,
    /// Hash of that file.
    pub file_sha256: String,
    /// Channel it came from.
    pub channel: String,
    /// Order lines.
    pub rows: i64,
    /// Total without cancelled lines, fen.
    pub gross_fen: i64,
    /// Total with cancelled lines, fen.
    pub net_fen: i64,
    /// First day in it.
    pub day_first: String,
    /// Last day in it.
    pub day_last: String,
    /// Merkle root over its rows.
    pub merkle_root: String,
    /// Hash of its manifest.
    pub manifest_sha256: String,
    /// Hash of the manifest before it.
    pub previous_sha256: String,
}

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureInfo {
    /// `Ed25519`.
    pub algorithm: String,
    /// Public key, hex.
    pub public_key: String,
}

impl HalfYearReport {
    /// The figure of this id.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.id == id)
    }
}

impl Figure {
    /// The breakdown by this dimension.
    #[must_use]
    pub fn breakdown(&self, dimension: &str) -> Option<&Breakdown> {
        self.breakdowns
            .iter()
            .find(|breakdown| breakdown.dimension == dimension)
    }
}
