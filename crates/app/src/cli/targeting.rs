//! Surveys and registers of people: `targeting`, `poverty`, `ids`.

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
    #[arg(
        long,
        value_name = "NUMBER",
        conflicts_with = "line_median",
        allow_negative_numbers = true
    )]
    pub line: Option<f64>,
    /// The line as a share of the median income of all [default: 0.6, the line of Eurostat]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub line_median: Option<f64>,
    /// Column of groups, measured each by the same line
    #[arg(long, value_name = "COLUMN")]
    pub by: Option<String>,
}

/// `fishpond targeting`
#[derive(Debug, Subcommand)]
pub enum Targeting {
    /// Fit a score card to a labelled survey, and say how often it errs on rows it has not seen
    #[command(
        after_help = "Example: fishpond targeting fit survey.csv --target poor --weight weight --cluster village --group head_sex --not id --out card.json\n         fishpond targeting fit survey.csv --target per_head --line 2855 --only size,roof,land_mu --out card.json\nA score stands beside the rules of recognition and decides nothing by itself. More points are poorer."
    )]
    Fit(TargetingFit),
    /// Score a file of households with a card
    #[command(
        after_help = "Example: fishpond targeting score card.json households.csv --out scored.csv\nWithout --out, counts only. The scored file has the columns of the file and points, estimate, selected."
    )]
    Score(TargetingScore),
}

/// `fishpond targeting fit`
#[derive(Debug, Args)]
pub struct TargetingFit {
    /// The survey: CSV in UTF-8 or GB 18030; - reads standard input
    pub file: PathBuf,
    /// Column that says who is poor: 0 or 1, or an income with --line
    #[arg(long, value_name = "COLUMN")]
    pub target: String,
    /// The poverty line; who has less is poor
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub line: Option<f64>,
    /// With --line: fit the chance of being poor, in place of the logarithm of income
    #[arg(long, requires = "line")]
    pub logistic: bool,
    /// Column of weights
    #[arg(long, value_name = "COLUMN")]
    pub weight: Option<String>,
    /// Column of clusters (household, village): kept together in folds and intervals
    #[arg(long, value_name = "COLUMN")]
    pub cluster: Option<String>,
    /// Column of groups whose errors are compared; not asked
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,
    /// Columns to ask, with commas; all others where it is not given
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', conflicts_with = "not")]
    pub only: Vec<String>,
    /// Columns not to ask, with commas
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub not: Vec<String>,
    /// Folds of the cross-validation
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(3..=20))]
    pub folds: u16,
    /// Seed of folds and intervals
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// File to write the card to
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `fishpond targeting score`
#[derive(Debug, Args)]
pub struct TargetingScore {
    /// The card
    pub card: PathBuf,
    /// The households: CSV in UTF-8 or GB 18030; - reads standard input
    pub file: PathBuf,
    /// File to write the rows with their scores to
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Select from so many points on, in place of the card's cut-off
    #[arg(long, value_name = "POINTS", allow_negative_numbers = true)]
    pub cut_off: Option<i64>,
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
