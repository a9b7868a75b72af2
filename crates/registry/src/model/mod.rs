//! Ids, words and facts of the registry.

mod facts;
mod words;

pub use facts::*;
pub use words::*;

kernel::typed_id!(
    /// A household (户).
    HouseholdId
);
kernel::typed_id!(
    /// A person, once, whatever household they live in.
    PersonId
);
kernel::typed_id!(
    /// A case of recognition or exit.
    CaseId
);
