//! Forms from phones by OpenRosa, asked for and sent as ODK Collect does it: first without a name, then with login and password;
//! each submission with its files in one post or several, late, twice and in any order.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and says where"
)]

mod phone;
mod rights;
mod sending;
