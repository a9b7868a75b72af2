//! What goes into a statement and what comes out: text, whole numbers and nothing, the same on both databases.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Money, PlaceCode, Refusal};

/// One argument of a statement. Nothing keeps its type, because PostgreSQL asks for the type of a NULL too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Text, or NULL where text is expected.
    Text(Option<String>),
    /// A 64-bit whole number, or NULL where one is expected.
    Int(Option<i64>),
}

/// A value that can be an argument. Money is fen, an instant is microseconds since 1970 UTC, a day is
/// `YYYY-MM-DD`, an id is its hyphenated text, a place is its code as a number, a boolean is 0 or 1.
pub trait ToArg {
    /// The NULL of this type.
    const NULL: Arg;
    /// The argument itself.
    fn to_arg(self) -> Arg;
}

macro_rules! text_args {
    ($($type:ty => |$value:ident| $text:expr;)*) => {$(
        impl ToArg for $type {
            const NULL: Arg = Arg::Text(None);
            fn to_arg(self) -> Arg {
                let $value = self;
                Arg::Text(Some($text))
            }
        }
    )*};
}

macro_rules! int_args {
    ($($type:ty => |$value:ident| $int:expr;)*) => {$(
        impl ToArg for $type {
            const NULL: Arg = Arg::Int(None);
            fn to_arg(self) -> Arg {
                let $value = self;
                Arg::Int(Some($int))
            }
        }
    )*};
}

text_args! {
    &str => |text| text.to_owned();
    &String => |text| text.clone();
    String => |text| text;
    uuid::Uuid => |id| id.to_string();
    Date => |day| day.to_string();
}

int_args! {
    i64 => |number| number;
    i32 => |number| i64::from(number);
    i16 => |number| i64::from(number);
    u32 => |number| i64::from(number);
    bool => |yes| i64::from(yes);
    Money => |money| money.fen();
    Timestamp => |instant| instant.as_microsecond();
    PlaceCode => |place| place_number(place);
}

impl<T: ToArg> ToArg for Option<T> {
    const NULL: Arg = T::NULL;
    fn to_arg(self) -> Arg {
        self.map_or(T::NULL, T::to_arg)
    }
}

/// A place code has at most twelve digits, so the number always fits.
pub(crate) fn place_number(place: PlaceCode) -> i64 {
    i64::try_from(place.as_u64()).unwrap_or(i64::MAX)
}

/// The arguments of a statement in their order: `args![id, Some(amount), "text"]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        ::std::vec![$($crate::ToArg::to_arg($value)),*]
    };
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Int(i64),
    Null,
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Int(_) => "int",
            Self::Null => "null",
        }
    }
}

/// One row of an answer; a column is asked for by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The names of the columns, which all rows of an answer share.
    pub(crate) names: Arc<[String]>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// The text in a column; NULL, a number or a missing column is refused with `store.bad_column`.
    pub fn text(&self, column: &str) -> Result<String, Refusal> {
        self.opt_text(column)?
            .ok_or_else(|| bad_column(column, "text", "null"))
    }

    /// The whole number in a column; NULL, text or a missing column is refused with `store.bad_column`.
    pub fn int(&self, column: &str) -> Result<i64, Refusal> {
        self.opt_int(column)?
            .ok_or_else(|| bad_column(column, "int", "null"))
    }

    /// The text in a column, or nothing where it is NULL.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>, Refusal> {
        match self.value(column)? {
            Value::Text(text) => Ok(Some(text.clone())),
            Value::Null => Ok(None),
            other @ Value::Int(_) => Err(bad_column(column, "text", other.kind())),
        }
    }

    /// The whole number in a column, or nothing where it is NULL.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, Refusal> {
        match self.value(column)? {
            Value::Int(number) => Ok(Some(*number)),
            Value::Null => Ok(None),
            other @ Value::Text(_) => Err(bad_column(column, "int", other.kind())),
        }
    }

    /// The instant in a column of microseconds.
    pub fn instant(&self, column: &str) -> Result<Timestamp, Refusal> {
        let micros = self.int(column)?;
        Timestamp::from_microsecond(micros).map_err(|_| bad_column(column, "instant", "int"))
    }

    fn value(&self, column: &str) -> Result<&Value, Refusal> {
        let place = self.names.iter().position(|name| name == column);
        place
            .and_then(|place| self.values.get(place))
            .ok_or_else(|| bad_column(column, "a column", "missing"))
    }
}

/// The database holds something else than the code asks for: ours to repair.
pub(crate) fn bad_column(column: &str, wanted: &'static str, found: &str) -> Refusal {
    Refusal::new("store.bad_column", Fault::Broken)
        .at(column)
        .fact("wanted", wanted)
        .fact("found", found)
}
