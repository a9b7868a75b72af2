//! Typed ids: a household id cannot be passed where a contract id is asked for.
//!
//! An id is a UUID of version 7, so ids sort by the time they were given. Where they come from is a parameter.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::random::mix;

#[doc(hidden)]
pub use serde as __serde;
#[doc(hidden)]
pub use uuid as __uuid;

/// Gives new ids.
pub trait IdSource: Send + Sync {
    /// The next id; never the same twice from one source.
    fn next(&self) -> Uuid;
}

/// Ids from the machine's clock and random source; made only at the edge of the program.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that makes ids from nothing"
    )]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The same ids in the same order for the same seed: for tests and for made data.
#[derive(Debug)]
pub struct SeededIds {
    seed: u64,
    given: AtomicU64,
}

impl SeededIds {
    /// A source that starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            given: AtomicU64::new(0),
        }
    }
}

impl IdSource for SeededIds {
    /// Counts milliseconds from 2018-01-01 so that the ids sort in the order they were given.
    fn next(&self) -> Uuid {
        const START_MS: u64 = 1_514_736_000_000;
        let count = self.given.fetch_add(1, Ordering::SeqCst);
        let mixed = mix(self.seed ^ mix(count));
        let mut tail = [0_u8; 10];
        tail[..8].copy_from_slice(&mixed.to_be_bytes());
        tail[8..].copy_from_slice(&mix(mixed).to_be_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(START_MS.wrapping_add(count), &tail).into_uuid()
    }
}

/// Makes an id type: `kernel::typed_id!(/// One import of a file. ImportId);`.
///
/// The type is a UUID with `Display`, `FromStr` (refuses with `kernel.bad_id`) and serde as text,
/// `next(&dyn IdSource)`, `from_uuid` and `as_uuid`.
#[macro_export]
macro_rules! typed_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($crate::id::__uuid::Uuid);

        impl $name {
            /// A new id from a source.
            pub fn next(ids: &dyn $crate::IdSource) -> Self {
                Self(ids.next())
            }

            /// The id that a UUID stands for.
            pub const fn from_uuid(uuid: $crate::id::__uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            pub const fn as_uuid(&self) -> $crate::id::__uuid::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::Refusal;

            /// Reads the hyphenated form; anything else is refused with `kernel.bad_id`.
            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::Refusal> {
                $crate::id::parse_uuid(text).map(Self)
            }
        }

        impl $crate::id::__serde::Serialize for $name {
            fn serialize<S: $crate::id::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> $crate::id::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::id::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::string::String as $crate::id::__serde::Deserialize>::deserialize(
                    deserializer,
                )?;
                text.parse().map_err(<D::Error as $crate::id::__serde::de::Error>::custom)
            }
        }
    };
}

/// Reads a UUID, or refuses it with `kernel.bad_id`. Used by the types that [`typed_id!`](crate::typed_id) makes.
pub fn parse_uuid(text: &str) -> Result<Uuid, crate::Refusal> {
    Uuid::try_parse(text).map_err(|_| crate::Refusal::new("kernel.bad_id", crate::Fault::Refused).value(text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    typed_id!(
        /// An id for these tests.
        SackId
    );

    #[test]
    fn seeded_ids_repeat_and_sort_in_the_order_they_were_given() {
        let first: Vec<Uuid> = std::iter::repeat_with({
            let ids = SeededIds::new(7);
            move || ids.next()
        })
        .take(500)
        .collect();
        let ids = SeededIds::new(7);
        let second: Vec<Uuid> = (0..500).map(|_| ids.next()).collect();
        assert_eq!(first, second);
        assert!(first.is_sorted());
        assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 500);
        assert_ne!(SeededIds::new(8).next(), first[0]);
        assert!(first.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn an_id_reads_back_from_text_and_json() {
        let id = SackId::next(&SeededIds::new(1));
        assert_eq!(id.to_string().parse::<SackId>().unwrap(), id);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<SackId>(&json).unwrap(), id);
        assert_eq!(SackId::from_uuid(id.as_uuid()), id);
    }

    #[test]
    fn a_text_that_is_no_id_is_refused() {
        assert_eq!("sack-7".parse::<SackId>().unwrap_err().code, "kernel.bad_id");
        assert!(serde_json::from_str::<SackId>("\"sack-7\"").is_err());
    }

    #[test]
    fn machine_ids_are_never_the_same_twice() {
        assert_ne!(SystemIds.next(), SystemIds.next());
    }
}
