//! How a register of households is written: which column holds what, and which words mean what. One TOML file each in
//! `registers/`, named after the layout. A row is a person; the rows of one household stand together.

use std::collections::BTreeMap;

use kernel::{Fault, Refusal, Text};
use serde::Deserialize;

use crate::Finding;
use crate::layout::FileEncoding;
use crate::source::{Source, is_id};

/// One way of writing a register.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterLayout {
    /// Its name, which is also the name of its file.
    pub name: String,
    /// Its name for readers.
    pub title: Text,
    /// How the bytes are text.
    #[serde(default)]
    pub encoding: FileEncoding,
    /// The sheet of a workbook; the first when absent.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Rows above the heads.
    #[serde(default)]
    pub skip_rows: u32,
    /// Whether its households are poor by the national register.
    #[serde(default)]
    pub recognised: bool,
    /// What stands between the causes of a cell.
    #[serde(default = "enumeration_comma")]
    pub list_separator: String,
    /// The heads a field may have; the first that stands in the file is used. Fields that are not named here are not read.
    pub columns: BTreeMap<RegisterField, Vec<String>>,
    /// What the words of a field mean: those of the file and those of the registry.
    #[serde(default)]
    pub words: BTreeMap<RegisterField, BTreeMap<String, String>>,
}

/// What a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterField {
    /// The number of the household; its rows stand together.
    Household,
    /// The code of its village.
    Village,
    /// Since when what the row says is so.
    Since,
    /// Why the household is poor.
    Causes,
    /// Its land, in mu.
    LandMu,
    /// The year of its income.
    IncomeYear,
    /// Wages of that year, in yuan.
    Wages,
    /// Operating income, in yuan.
    Operating,
    /// Income from property, in yuan.
    Property,
    /// Transfers, in yuan.
    Transfer,
    /// Operating costs, in yuan.
    Costs,
    /// Name.
    Name,
    /// Resident ID number.
    ResidentId,
    /// Mobile phone.
    Phone,
    /// Account at a bank.
    BankAccount,
    /// How they stand to the head.
    Relation,
    /// Sex.
    Sex,
    /// Day of birth; where it is not given, that of the resident ID.
    BirthOn,
    /// What they attend or finished.
    Schooling,
    /// Health.
    Health,
    /// The grade of a disability.
    Disability,
    /// Labour capacity.
    Labour,
    /// Work.
    Work,
}

impl RegisterField {
    /// What a register cannot do without.
    pub const NEEDED: [Self; 5] = [
        Self::Household,
        Self::Village,
        Self::Since,
        Self::Name,
        Self::Relation,
    ];
}

fn enumeration_comma() -> String {
    "、".to_owned()
}

impl RegisterLayout {
    /// Reads a layout; every fault in it is a finding.
    pub(crate) fn read(source: Source<'_>) -> Result<Self, Vec<Finding>> {
        let layout: Self = source.read().map_err(|finding| vec![finding])?;
        let mut findings = Vec::new();
        if !is_id(&layout.name) || layout.name != source.stem() {
            let line = source.line_of("", "name");
            findings.push(source.finding(line, "programme.bad_id", &layout.name));
        }
        let line = source.line_of("columns", "");
        for field in RegisterField::NEEDED {
            if layout.columns.get(&field).is_none_or(Vec::is_empty) {
                findings.push(source.finding(line, "programme.missing_key", format!("{field:?}")));
            }
        }
        if findings.is_empty() {
            Ok(layout)
        } else {
            Err(findings)
        }
    }

    /// The columns of a file by its heads; else `registry.missing_column`, naming the heads that were looked for.
    pub fn bind(&self, heads: &[String]) -> Result<BTreeMap<RegisterField, usize>, Refusal> {
        let mut bound = BTreeMap::new();
        for (field, names) in &self.columns {
            let place = |name: &String| heads.iter().position(|head| head == name);
            match names.iter().find_map(place) {
                Some(column) => {
                    bound.insert(*field, column);
                }
                None if RegisterField::NEEDED.contains(field) => {
                    let refusal = Refusal::new("registry.missing_column", Fault::Refused);
                    return Err(refusal.value(names.join(" / ")).fact("heads", heads.join(", ")));
                }
                None => {}
            }
        }
        Ok(bound)
    }

    /// What a word of a field means to the registry; a word without an entry means itself.
    pub fn word<'a>(&'a self, field: RegisterField, word: &'a str) -> &'a str {
        let words = self.words.get(&field).and_then(|words| words.get(word));
        words.map_or(word, String::as_str)
    }
}
