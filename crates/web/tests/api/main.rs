//! The API, asked in process: each endpoint's shape against the document, keys and rights, pages by cursor, writes sent
//! twice, ETags, hostile requests.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod hooks;
mod house;
mod money;
mod people;
mod periods;
mod reading;
mod rights;
mod shapes;
mod writing;
