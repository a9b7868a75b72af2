//! The life of a period's report: who may do what when, and that what was reviewed is what is published.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

mod drafts;
mod steps;
