//! An upload at each point of its way into the lake. A state holds only what exists in it.

use jiff::Timestamp;
use kernel::{Lang, Refusal, Text, typed_id};
use people::staff::PlaceFilter;
use serde::{Deserialize, Serialize};
use store::{Direction, JobId};

use crate::lake::Import;

typed_id!(
    /// One file that was sent.
    UploadId
);

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// Bytes of one file.
    pub file_bytes_max: u64,
    /// Bytes of all files that are not imported yet.
    pub kept_bytes_max: u64,
}

impl Default for UploadLimits {
    /// 8 GiB a file, 32 GiB in all.
    fn default() -> Self {
        Self {
            file_bytes_max: 8 << 30,
            kept_bytes_max: 32 << 30,
        }
    }
}

/// What uploads can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UploadColumn {
    /// When they were sent.
    #[default]
    SentAt,
    /// The name of the file.
    FileName,
    /// Its bytes.
    Size,
}

/// An order of uploads; the newest first unless asked otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UploadOrder {
    /// By what.
    pub column: UploadColumn,
    /// Which way.
    pub direction: Direction,
}

/// A file that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// Its id; later ones are greater.
    pub id: UploadId,
    /// Its name as it was given, without folders.
    pub file_name: String,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Layout it is read by.
    pub layout: String,
    /// When it was there whole.
    pub uploaded_at: Timestamp,
    /// Who sent it.
    pub uploaded_by: String,
    /// In which role.
    pub uploaded_role: String,
    /// For which places they may: lines of others are rejected.
    #[serde(skip)]
    pub within: PlaceFilter,
    /// Where it stands.
    #[serde(flatten)]
    pub state: UploadState,
}

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UploadState {
    /// It is kept for a look; nobody asked for its import yet.
    Held,
    /// Its import is asked for.
    Waiting {
        /// The job.
        job: JobId,
    },
    /// It is being imported.
    Importing {
        /// The job.
        job: JobId,
        /// Bytes read so far.
        done: i64,
        /// Bytes in all; 0 while not known.
        total: i64,
    },
    /// Its lines are in the lake.
    Imported {
        /// What was taken and what not.
        import: Box<Import>,
        /// Whether this very file had been imported before it was sent; it then added nothing.
        already: bool,
        /// When the job ended.
        ended_at: Timestamp,
    },
    /// The import was refused; the bytes are still here.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// The bytes are gone without an import.
    Discarded {
        /// When.
        at: Timestamp,
        /// By whom; `system` where room was needed.
        by: String,
        /// Why its import had failed before, where it had.
        failure: Option<Failure>,
    },
}

/// Why an import was refused, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable code of the rule.
    pub code: String,
    /// File, row and column, where they are known.
    pub at: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// What to do about it.
    pub advice: Option<Text>,
}

impl Failure {
    /// What a refusal says.
    pub(super) fn of(refusal: &Refusal) -> Self {
        let advice = |lang| refusal.advice(lang);
        Self {
            code: refusal.code.to_owned(),
            at: refusal.at.clone(),
            message: Text::new(refusal.message(Lang::Zh), refusal.message(Lang::En)),
            advice: advice(Lang::Zh)
                .zip(advice(Lang::En))
                .map(|(zh, en)| Text { zh, en }),
        }
    }
}
