//! The rejects file: each row that was not taken, with its line, field, value and reason, as a CSV that a
//! spreadsheet opens in the right encoding.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::{Path, PathBuf};

use kernel::{Fault, Lang, Refusal};
use serde::Serialize;

use super::rows::RowError;

/// How many rejects are kept in mind for showing; the file has them all.
const SHOWN: usize = 20;

/// One row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Line of the file, from 1.
    pub line: u64,
    /// Head of the column, empty where the row as a whole is wrong.
    pub field: String,
    /// What stood there.
    pub value: String,
    /// Stable code of the rule.
    pub code: &'static str,
}

impl Reject {
    /// The sentence that says what is wrong.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> String {
        Refusal::new(self.code, Fault::Refused)
            .at(format!("{}:{}", self.line, self.field))
            .value(self.value.clone())
            .message(lang)
    }
}

/// Collects rejects; the file is made with the first.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    writer: Option<csv::Writer<BufWriter<File>>>,
    first: Vec<Reject>,
    count: u64,
}

impl Rejects {
    /// None yet; the file will be at `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            writer: None,
            first: Vec::new(),
            count: 0,
        }
    }

    /// Adds one.
    ///
    /// # Errors
    /// What writing gave.
    pub fn push(&mut self, line: u64, field: &str, error: RowError) -> Result<()> {
        let reject = Reject {
            line,
            field: field.to_owned(),
            value: error.value,
            code: error.code,
        };
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(begin(&self.path)?),
        };
        let (zh, en) = (reject.reason(Lang::Zh), reject.reason(Lang::En));
        writer.write_record([
            &reject.line.to_string(),
            &reject.field,
            &defused(&reject.value),
            reject.code,
            &zh,
            &en,
        ])?;
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(reject);
        }
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Closes the file; gives the first rejects and where the file is, if there is one.
    ///
    /// # Errors
    /// What writing gave.
    pub fn finish(mut self) -> Result<(Vec<Reject>, Option<PathBuf>)> {
        let Some(mut writer) = self.writer.take() else {
            return Ok((self.first, None));
        };
        writer.flush()?;
        Ok((self.first, Some(self.path)))
    }
}

fn begin(path: &Path) -> Result<csv::Writer<BufWriter<File>>> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record([
        "行号 line",
        "字段 field",
        "值 value",
        "代码 code",
        "原因",
        "reason",
    ])?;
    Ok(writer)
}

/// A value that a spreadsheet would run as a formula is shown as text.
fn defused(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@']) {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}
