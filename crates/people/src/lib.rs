//! People and places: the registry that every other area points at.

pub mod places;
pub mod staff;
