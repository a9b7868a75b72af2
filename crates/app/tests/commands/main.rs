//! The binary as its users meet it: one program of tests, since each would link the whole binary's libraries.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod books;
mod cli;
mod demo;
mod desk;
mod faults;
mod forms;
mod fund;
mod killed;
mod no_room;
mod organisations;
mod partners;
mod payments;
mod people_of_registry;
mod registry;
mod serve;
mod service;
mod settings;
mod staff;
mod targeting;
