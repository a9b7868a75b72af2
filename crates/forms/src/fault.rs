//! What is wrong with a form or a submission: one broken rule, by its place. All faults of a file are told at once, so
//! that an author corrects them in one go.

use std::fmt;

use kernel::{Lang, Refusal};

/// Where a fault is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A sheet, such as `survey`.
    Sheet(String),
    /// A row of a sheet, numbered as a spreadsheet numbers it: the header is row 1.
    Row {
        /// The sheet.
        sheet: String,
        /// The row.
        row: u32,
    },
    /// A cell of a sheet.
    Cell {
        /// The sheet.
        sheet: String,
        /// The row; 1 is the header.
        row: u32,
        /// The header of the column, as it is written.
        column: String,
    },
    /// A node of a form or a submission, such as `/data/member[2]/name`.
    Node(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Sheet(sheet) => f.write_str(sheet),
            Self::Row { sheet, row } => write!(f, "{sheet}:{row}"),
            Self::Cell { sheet, row, column } => write!(f, "{sheet}:{row}:{column}"),
            Self::Node(path) => f.write_str(path),
        }
    }
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule, as `forms.rule`; the key in the catalogue of messages.
    pub code: &'static str,
    /// Where it is broken.
    pub place: Place,
    /// What stands there.
    pub value: Option<String>,
    /// What decided, each with the name the message uses.
    pub facts: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault of the file as a whole.
    pub(crate) fn new(code: &'static str) -> Self {
        Self::at(code, Place::File)
    }

    /// A fault at a place.
    pub(crate) fn at(code: &'static str, place: Place) -> Self {
        Self {
            code,
            place,
            value: None,
            facts: Vec::new(),
        }
    }

    /// Says which value.
    #[must_use]
    pub(crate) fn value(self, value: impl fmt::Display) -> Self {
        Self {
            value: Some(value.to_string()),
            ..self
        }
    }

    /// Adds what decided.
    #[must_use]
    pub(crate) fn fact(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    /// What the author reads.
    pub fn message(&self, lang: Lang) -> String {
        self.refusal().message(lang)
    }

    /// As the one shape of every "no". (No `From`: it would leave the error of a closure elsewhere open to be a fault.)
    pub fn refusal(&self) -> Refusal {
        let mut refusal = Refusal::new(self.code, kernel::Fault::Refused);
        if self.place != Place::File {
            refusal = refusal.at(&self.place);
        }
        if let Some(value) = &self.value {
            refusal = refusal.value(value);
        }
        self.facts
            .iter()
            .fold(refusal, |refusal, (name, value)| refusal.fact(name, value))
    }
}
