//! A field that may be missing, null, or say something.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field that is written back as it was read: missing, null, or with a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said<T> {
    /// The field is not there.
    #[default]
    Missing,
    /// The field is there and null.
    Null,
    /// The field says this.
    Is(T),
}

impl<T> Said<T> {
    /// Whether the field is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl<T: Serialize> Serialize for Said<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing | Self::Null => serializer.serialize_none(),
            Self::Is(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Is))
    }
}
