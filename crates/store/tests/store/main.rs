//! The store as everyone else uses it: each test runs on SQLite and, when a server is named, on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

mod backup;
mod database;
mod documents;
mod durability;
mod facts;
mod jobs;
mod notes;
mod writer;
