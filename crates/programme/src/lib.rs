//! A programme as data: the folder that says what a programme publishes, counts and reads.
//!
//! Published figures, milestones and model counties are lists; figures are SQL with a title, a unit and a note;
//! layouts say how each channel writes its order files. [`Programme::open`] reads a folder and names every fault
//! in it by file and line; the folder of 2018H1 is built in ([`embedded`]).

pub mod embedded;
pub mod figures;
mod finding;
mod folder;
pub mod journal;
pub mod layout;
mod lists;
mod milestones;
mod model_counties;
mod parties;
mod phone_forms;
mod products;
pub mod published;
pub mod recognition;
pub mod registers;
mod source;
mod together;

pub use figures::{Dimension, FigureDef};
pub use finding::{Finding, as_refusal};
pub use folder::{Pillar, Programme, ProgrammeHead, Suppression};
pub use journal::{JournalRows, JournalTable, JournalValue};
pub use layout::Layout;
pub use milestones::Milestone;
pub use model_counties::ModelCounty;
pub use parties::Party;
pub use products::{ChannelCounty, Product};
pub use published::PublishedFigure;
pub use recognition::RuleBook;
pub use registers::{RegisterField, RegisterLayout};
