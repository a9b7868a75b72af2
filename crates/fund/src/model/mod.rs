//! What acts of the fund carry, as callers name it. As JSON, amounts are whole fen and days `YYYY-MM-DD`.

mod field;
mod money;

pub use field::*;
pub use money::*;
