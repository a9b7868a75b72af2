//! What a period's report is at each point of its life. A state holds only what exists in it.

use jiff::Timestamp;
use kernel::{Period, typed_id};
use serde::Serialize;
use store::Evidence;

typed_id!(
    /// One draft that was submitted for review.
    DraftId
);

/// The documents of a draft or a version, by SHA-256. The manifest lists every other file (pages, sheets, `report.json`)
/// by its SHA-256, and each of them is a document too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// `report.json`: the model itself.
    pub report_sha256: String,
    /// The evidence pack, a tar.
    pub pack_sha256: String,
    /// The list of files.
    pub manifest_sha256: String,
    /// Its signature.
    pub signature_sha256: String,
    /// Public key of the signer, hex.
    pub signer: String,
}

impl Kept {
    /// The documents as the evidence of a fact.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let documents = [
            &self.report_sha256,
            &self.pack_sha256,
            &self.manifest_sha256,
            &self.signature_sha256,
        ];
        documents
            .map(|sha256| Evidence::Document {
                sha256: sha256.clone(),
            })
            .to_vec()
    }
}

/// A report that was submitted for review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The period.
    pub period: Period,
    /// The version it is to become.
    pub version: i64,
    /// What it is made of.
    pub kept: Kept,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Who did.
    pub submitted_by: String,
}

/// What a reviewer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It may be published.
    Approved,
    /// It may not.
    SentBack {
        /// Why, for whoever prepares the next draft.
        reason: String,
    },
}

impl Verdict {
    /// The name under which it is stored.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::SentBack { .. } => "sent_back",
        }
    }

    /// The reason, where there is one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Approved => None,
            Self::SentBack { reason } => Some(reason),
        }
    }
}

/// One person's review of one draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they said.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// A published version; it stays readable whatever comes after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The period.
    pub period: Period,
    /// From 1.
    pub number: i64,
    /// The draft it was.
    pub draft: DraftId,
    /// What it is made of.
    pub kept: Kept,
    /// Why it corrects the one before; the first has none.
    pub reason: Option<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Who did.
    pub published_by: String,
}

/// Where the report of a period stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PeriodState {
    /// It is being prepared.
    Open,
    /// A draft waits for its reviews.
    InReview {
        /// The draft.
        draft: Draft,
        /// Its reviews so far; all of them approvals.
        reviews: Vec<Review>,
    },
    /// The newest version is published and nothing else is under way.
    Published {
        /// That version.
        version: Version,
    },
}

impl PeriodState {
    /// The name under which it is stored.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InReview { .. } => "in_review",
            Self::Published { .. } => "published",
        }
    }
}

/// The report of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodReport {
    /// The period.
    pub period: Period,
    /// The version that is prepared, in review or published.
    pub version: i64,
    /// Why that version corrects the one before; the first has none.
    pub reason: Option<String>,
    /// When the period was opened.
    pub opened_at: Timestamp,
    /// Who did.
    pub opened_by: String,
    /// When its state changed last.
    pub changed_at: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub state: PeriodState,
}

/// A draft and what was said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DraftWithReviews {
    /// The draft.
    pub draft: Draft,
    /// Its reviews, in the order they were given.
    pub reviews: Vec<Review>,
}

/// Everything about the report of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodHistory {
    /// Where it stands.
    pub report: PeriodReport,
    /// Every draft, the newest first.
    pub drafts: Vec<DraftWithReviews>,
    /// Every version, the newest first.
    pub versions: Vec<Version>,
}
