//! Surveys and registers of people: `poverty`, `ids`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `fishpond poverty`
#[derive(Debug, Subcommand)]
pub enum Poverty {
    /// Headcount, gap, severity, Gini and quintile ratio of a survey file
    #[command(
        after_help = "Example: fishpond poverty measure survey.csv --income per_head --weight weight --line 2855 --by county\n         fishpond poverty measure eusilc.csv --income eqIncome --weight rb050 --line-median 0.6\nPoor is who has less than the line. The file is CSV in UTF-8 or GB 18030; a file name of - reads standard input."
    )]
    Measure(PovertyMeasure),
}

/// `fishpond poverty measure`
#[derive(Debug, Args)]
pub struct PovertyMeasure {
    /// The file
    pub file: PathBuf,
    /// Column of incomes
    #[arg(long, value_name = "COLUMN")]
    pub income: String,
    /// Column of weights; each row weighs 1 where it is not given
    #[arg(long, value_name = "COLUMN")]
    pub weight: Option<String>,
    /// The poverty line, in the currency of the file
    #[arg(long, value_name = "NUMBER", conflicts_with = "line_median")]
    pub line: Option<f64>,
    /// The line as a share of the median income of all [default: 0.6, the line of Eurostat]
    #[arg(long, value_name = "SHARE")]
    pub line_median: Option<f64>,
    /// Column of groups, measured each by the same line
    #[arg(long, value_name = "COLUMN")]
    pub by: Option<String>,
}

/// `fishpond ids`
#[derive(Debug, Subcommand)]
pub enum Ids {
    /// Check the numbers in a column of a file; those that are wrong are listed by line and reason, masked
    #[command(
        after_help = "Example: fishpond ids check register.csv --column 身份证号 --strict\n         fishpond ids check firms.csv --column uscc --kind credit-code\nExit code 1 where a number is wrong; empty cells are counted and not checked."
    )]
    Check(IdsCheck),
}

/// `fishpond ids check`
#[derive(Debug, Args)]
pub struct IdsCheck {
    /// The file: CSV in UTF-8 or GB 18030; - reads standard input
    pub file: PathBuf,
    /// Column of the numbers
    #[arg(long, value_name = "COLUMN")]
    pub column: String,
    /// What they are
    #[arg(long, value_enum, default_value_t = IdKind::Resident)]
    pub kind: IdKind,
    /// Also hold the division of a resident's number against its history
    #[arg(long)]
    pub strict: bool,
}

/// Kinds of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IdKind {
    /// Numbers of residents, GB 11643
    Resident,
    /// Unified social credit codes, GB 32100
    CreditCode,
}
