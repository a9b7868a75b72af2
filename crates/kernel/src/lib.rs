//! The words every other crate speaks: money, weights, areas, rates, places, ids, time, roles and refusals.
//!
//! Nothing here reads a file, a clock or a random source by itself: the clock, the ids and the secrets are parameters
//! ([`Clock`], [`IdSource`], [`SecretSource`]), and the only text that is embedded is the catalogue of messages.
//! A word stands here only when two crates need it and it holds no rule of the programme.

mod actor;
mod area;
pub mod catalogue;
mod clock;
mod credit_code;
mod currency;
mod decimal;
mod done;
pub mod id;
mod language;
mod money;
mod period;
mod place_code;
#[cfg(target_arch = "x86_64")]
pub mod processor;
mod random;
mod rate;
mod refusal;
mod resident_id;
mod secret;
mod weight;
mod words;

pub use actor::{Actor, Role};
pub use area::Area;
pub use clock::{Clock, FixedClock, SystemClock, day_in_china};
pub use credit_code::CreditCode;
pub use currency::Currency;
pub use done::Done;
pub use id::{IdSource, SeededIds, SystemIds};
pub use language::{Lang, Text};
pub use money::Money;
pub use period::{Period, PeriodKind};
pub use place_code::{PlaceCode, PlaceLevel};
pub use random::SplitMix64;
pub use rate::Rate;
pub use refusal::{Fault, Refusal};
pub use resident_id::ResidentId;
pub use secret::{SecretSource, SeededSecrets, SystemSecrets};
pub use weight::Weight;
pub use words::{Wording, Words};
