//! Places: the divisions of China down to the county, what became of old codes, and the national poverty counties.
//!
//! One book, [`Places::national`], embedded in the program and read once. It answers five questions:
//! - which place has this code ([`Places::get`]) and what became of an old one ([`Places::resolve`]);
//! - which place is meant by a name in a file ([`Places::by_full_name`], strict) or in a search box
//!   ([`Places::find`], Chinese, pinyin or digits);
//! - was it on the list of the 832 national-level poverty counties, and until when
//!   ([`Places::require_poverty_county`], [`Places::delisted_year`]);
//! - did the division of a resident's number stand when the number was given out
//!   ([`Places::require_division_at_birth`]);
//! - everything known about it on one card ([`Places::describe`], [`Places::card`]).
//!
//! The book stands as of 2024-12-31; old codes and names of 1981 to 2024 lead to the places of that day. A name is
//! never guessed: two places that fit are both named in the refusal.

mod book;
mod card;
mod data;
mod history;
mod issuing;
mod names;
mod poverty;
mod search;

pub use book::{Place, Places, Resolution};
pub use card::{FormerCode, NamedPlace, PlaceCard, PovertyEntry};
pub use poverty::PovertyCounty;
