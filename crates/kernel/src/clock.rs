//! Time as a parameter: nothing below the edges asks the machine what time it is.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Tells the time. Instants are whole microseconds, which both databases keep exactly.
pub trait Clock: Send + Sync {
    /// The present instant, in UTC, cut to whole microseconds.
    fn now(&self) -> Timestamp;

    /// The business day: the calendar day in China at [`Clock::now`].
    fn today(&self) -> Date {
        day_in_china(self.now())
    }
}

/// The calendar day in China at an instant: UTC+8, as it has been all year since 1992.
pub fn day_in_china(instant: Timestamp) -> Date {
    Offset::constant(8).to_datetime(instant).date()
}

/// The machine's clock; made only at the edge of the program.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// A clock that stands still until it is moved: for tests and for made data.
#[derive(Debug)]
pub struct FixedClock {
    microsecond: AtomicI64,
}

impl FixedClock {
    /// A clock that stands at an instant (cut to microseconds).
    pub fn new(instant: Timestamp) -> Self {
        Self {
            microsecond: AtomicI64::new(instant.as_microsecond()),
        }
    }

    /// A clock that stands at noon in China on a day.
    pub fn on_day(day: Date) -> Self {
        let noon = day.at(12, 0, 0, 0);
        let instant = Offset::constant(8)
            .to_timestamp(noon)
            .unwrap_or(Timestamp::UNIX_EPOCH);
        Self::new(instant)
    }

    /// Moves the clock on (or back, when the step is negative).
    pub fn advance(&self, step: SignedDuration) {
        let micros = i64::try_from(step.as_micros()).unwrap_or(i64::MAX);
        self.microsecond.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        let micros = self.microsecond.load(Ordering::SeqCst);
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_business_day_changes_at_midnight_in_china() {
        let before: Timestamp = "2018-06-30T15:59:59Z".parse().unwrap();
        let after: Timestamp = "2018-06-30T16:00:00Z".parse().unwrap();
        assert_eq!(day_in_china(before), date(2018, 6, 30));
        assert_eq!(day_in_china(after), date(2018, 7, 1));
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::on_day(date(2018, 6, 30));
        assert_eq!(clock.now().to_string(), "2018-06-30T04:00:00Z");
        clock.advance(SignedDuration::from_hours(12));
        assert_eq!(clock.today(), date(2018, 7, 1));
    }

    #[test]
    fn the_machine_clock_keeps_whole_microseconds() {
        assert_eq!(SystemClock.now().subsec_nanosecond() % 1000, 0);
    }
}
