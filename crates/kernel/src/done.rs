//! The answer of a command that is safe to send twice.

/// Whether a command did its work now or found it done already; both are success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Done<T> {
    /// The work was done by this call.
    Now(T),
    /// The same command was carried out before; this is what it answered then.
    Already(T),
}

impl<T> Done<T> {
    /// The answer itself, whenever it came about.
    pub fn into_inner(self) -> T {
        match self {
            Self::Now(value) | Self::Already(value) => value,
        }
    }

    /// The answer, borrowed.
    pub fn value(&self) -> &T {
        match self {
            Self::Now(value) | Self::Already(value) => value,
        }
    }

    /// True when this call changed something.
    pub fn is_now(&self) -> bool {
        matches!(self, Self::Now(_))
    }

    /// The same "now" or "already" around another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Done<U> {
        match self {
            Self::Now(value) => Done::Now(change(value)),
            Self::Already(value) => Done::Already(change(value)),
        }
    }
}
