//! The life of a period's report, from its opening to its versions.
//!
//! ```text
//! open --submit--> in review --two approvals--> publish --> published (version n)
//!   ^                 |                                         |
//!   +---sent back-----+             +--correction with reason---+   (version n + 1 is open)
//! ```
//! - What is reviewed is published byte for byte: [`make_draft`] makes and keeps every file before it is submitted,
//!   a review names the draft it is about, and publishing only adds a row.
//! - Two different persons approve a draft, and neither of them may have submitted it. Anyone allowed to may then
//!   publish. Who is allowed at all is asked before a command, not here.
//! - A version is never changed or taken away. A correction is a further version, reviewed like the first.
//!
//! Facts: `periods.opened`, `periods.submitted`, `periods.approved`, `periods.sent_back`, `periods.published`,
//! `periods.correction_opened`, each with the draft's documents as evidence. Tables: `report_periods`, `report_drafts`,
//! `report_reviews`, `report_versions`.

mod commands;
mod draft;
mod jobs;
mod model;
mod queries;
mod repo;

pub use commands::{
    APPROVALS, PublishDraft, ReviewDraft, open_correction, open_period, publish, review, submit_for_review,
};
pub use draft::{DRAFT_STAGES, DraftInput, MoreFiles, keep, make_draft};
pub use jobs::{DRAFT_JOB, DRAFT_LEASE, ask_draft, draft_key, period_of, work_draft};
pub use model::{
    Draft, DraftId, DraftWithReviews, Kept, PeriodHistory, PeriodReport, PeriodState, Review, Verdict,
    Version,
};
pub use queries::{
    by_period, file, files, list, load_report, published_count, published_latest, published_versions,
    require_open, version,
};
pub use repo::STATEMENTS;
