//! Days as Parquet keeps them and as people read them.

use jiff::ToSpan;
use jiff::civil::Date;

/// Year × 100 + month of days since 1970-01-01; 0 where the calendar ends before.
#[must_use]
pub fn month(epoch_days: i32) -> i32 {
    Date::constant(1970, 1, 1)
        .checked_add(epoch_days.days())
        .map_or(0, |day| i32::from(day.year()) * 100 + i32::from(day.month()))
}

/// `YYYY-MM-DD` of days since 1970-01-01; empty where the calendar ends before.
#[must_use]
pub fn text(epoch_days: i32) -> String {
    Date::constant(1970, 1, 1)
        .checked_add(epoch_days.days())
        .map(|day| day.to_string())
        .unwrap_or_default()
}
