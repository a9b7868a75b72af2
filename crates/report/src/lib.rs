//! The half-year report: one plain model, many faces, and a pack that a stranger can check.
//!
//! ```text
//! lake + programme --assemble--> HalfYearReport --html, xlsx, json--> files --folder--> signed folder
//!                                               --pack-------------> one tar --verify--> VerifyReport
//! ```
//! Every face renders the same [`model::HalfYearReport`]; nothing is computed in a template. Small groups are
//! hidden once, in [`suppression`], before the model is made, so no face can show what another hides.
//! Deliberately absent: a clock, random numbers (but for making a new key) and floating point.

pub mod assemble;
pub mod build;
pub mod folder;
pub mod html;
pub mod manifest;
pub mod model;
pub mod numbers;
pub mod pack;
pub mod sample;
pub mod signing;
pub mod suppression;
pub mod words;
pub mod xlsx;

pub use build::{BuildInput, build};
pub use folder::{OutputFile, render_files, write_signed};
pub use model::HalfYearReport;
pub use signing::ReportKey;
