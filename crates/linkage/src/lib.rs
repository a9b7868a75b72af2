//! Record linkage: which records are of one person, without labels, explained comparison by comparison.
//!
//! Pure computation over values, no files and no domain. The way of a run:
//! 1. [`Settings`] (TOML) held against the heads of the files give a [`Plan`]: what is read, compared and blocked on;
//! 2. a [`Loader`] interns the values of the rows into a [`Table`];
//! 3. [`link()`] visits the pairs that share a key, fits the [`Model`] (Fellegi-Sunter, by expectation and maximisation),
//!    weighs each pair and makes groups of them;
//! 4. an [`Index`] answers for one new record, and a [`Scale`] keeps the fitted weights for two records by themselves.
//!
//! Costs: memory for each record (its id, four to eight bytes a field and four a pass), each distinct value once, and
//! 24 bytes a pair that is kept; pairs are never listed. One thread. The same input and seed give the same answer,
//! in whatever order rows and files come. Deliberately not here: reading files, learning from labels, merging persons.

#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "probabilities and weights are no money; rows are counted in 32 bits, which the loader holds"
)]

mod accuracy;
mod blocks;
mod clusters;
mod codes;
mod columns;
pub mod compare;
pub mod han;
mod index;
mod keys;
mod link;
mod loader;
mod model;
mod normal;
mod patterns;
mod plan;
mod pool;
mod scale;
mod settings;
mod similar;
mod sorting;
mod table;

pub use accuracy::{Accuracy, Known, accuracy};
pub use index::{Found, Index};
pub use link::{Links, Pair, Weigher, link};
pub use loader::{Loader, VALUE_MAX};
pub use model::{Fitted, Model, Shares};
pub use normal::Form;
pub use plan::{Comparison, Plan};
pub use scale::{Likeness, Part, Scale, Weights};
pub use settings::{ComparisonSettings, FieldSettings, PassSettings, Settings};
pub use similar::{jaro_winkler, steps};
pub use table::Table;
