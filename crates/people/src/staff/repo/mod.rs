//! Every statement of staff, by subject. A statement stands in the common ground of both databases, and a test prepares
//! each on both.

pub(super) mod access;
pub(super) mod audit;
pub(super) mod keys;
pub(super) mod people;

/// Names statements and puts them on a list.
macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(in crate::staff) const $name: &str = $sql;)*
        /// The statements above.
        pub(in crate::staff) const ALL: &[&str] = &[$($name),*];
    };
}
use statements;

/// Every statement of staff, so that a test can prepare each on both databases.
pub const STATEMENTS: [&[&str]; 4] = [people::ALL, access::ALL, keys::ALL, audit::ALL];
