//! The journeys of staff in a real browser: from the first start to a published report, the walls between counties,
//! the same by keyboard alone, a day of a fund officer from a budget to a figure, and one of a village worker without a
//! network.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and says where"
)]

mod counties;
mod first_start;
mod keyboard;
mod officer;
mod organisation;
mod registry;
mod village;
