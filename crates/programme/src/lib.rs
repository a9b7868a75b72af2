//! A programme as data: the folder that says what a programme publishes, counts and reads.
//!
//! Published figures, milestones and model counties are lists; figures are SQL with a title, a unit and a note;
//! layouts say how each channel writes its order files. [`Programme::open`] reads a folder and names every fault
//! in it by file and line; the folder of 2018H1 is built in ([`embedded`]).

mod finding;
pub mod layout;
mod source;

pub use finding::{Finding, as_refusal};
