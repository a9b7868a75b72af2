//! The half-year report: one plain model, many faces, and a pack that a stranger can check.
//!
//! ```text
//! lake + programme --assemble--> HalfYearReport --html, xlsx, json--> files --folder--> signed folder
//!                                               --pack-------------> one tar --verify--> VerifyReport
//! ```
//! [`periods`] is the life of a period's report: a draft of all of this is reviewed by two persons, then published.
//!
//! Every face renders the same [`model::HalfYearReport`]; nothing is computed in a template. Small groups are
//! hidden once, in [`suppression`], before the model is made, so no face can show what another hides.
//! Deliberately absent: a clock, random numbers (but for making a new key) and floating point.

pub mod assemble;
pub mod build;
pub mod checks;
pub mod folder;
pub mod html;
pub mod manifest;
pub mod model;
pub mod numbers;
pub mod pack;
pub mod periods;
pub mod sample;
pub mod signing;
pub mod sources;
pub mod suppression;
pub mod words;
pub mod xlsx;

pub use build::{BuildInput, build};
pub use folder::{OutputFile, render_files, write_signed};
pub use model::HalfYearReport;
pub use signing::ReportKey;
pub use sources::Sources;
