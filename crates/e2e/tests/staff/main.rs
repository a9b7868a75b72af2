//! The journeys of staff in a real browser: from the first start to a published report, the walls between counties, and
//! the same by keyboard alone.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and says where"
)]

mod counties;
mod first_start;
mod keyboard;
mod organisation;
