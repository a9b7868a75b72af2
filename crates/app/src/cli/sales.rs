//! Order files, figures and what they are read against: `sales`, `figures`, `simulate`, `places`, `programme`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `fishpond sales`
#[derive(Debug, Subcommand)]
pub enum Sales {
    /// Show what a layout makes of a file's first rows; writes nothing
    #[command(after_help = "Example: fishpond sales preview --layout xingnong orders.csv")]
    Preview(SalesFiles),
    /// Import order files; the same file or line twice counts once
    #[command(
        after_help = "Example: fishpond sales import --layout xingnong orders-2018-0*.csv\nA file name of - reads standard input."
    )]
    Import(SalesFiles),
    /// List what was imported
    Imports,
}

/// A layout and files.
#[derive(Debug, Args)]
pub struct SalesFiles {
    /// Layout of the channel, a file in the programme's channels folder without its ending
    #[arg(long, value_name = "NAME")]
    pub layout: String,
    /// Whose rights count: rows of places that are not theirs are not taken. Without it, the whole country's are, because
    /// whoever runs this command owns the machine
    #[arg(long = "as", value_name = "LOGIN")]
    pub actor: Option<String>,
    /// Order files: CSV or XLSX, plain or gzip or zip
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// `fishpond figures`
#[derive(Debug, Subcommand)]
pub enum Figures {
    /// All figures with their values
    List(FigureList),
    /// One figure: value, change, breakdown, definition
    #[command(after_help = "Example: fishpond figures show sales.poverty_counties --by place --audit")]
    Show(FigureShow),
}

/// `fishpond figures list`
#[derive(Debug, Args)]
pub struct FigureList {
    /// The period
    #[command(flatten)]
    pub period: PeriodArg,
    /// Compute them from every line instead of the rollups, and compare
    #[arg(long)]
    pub audit: bool,
}

/// A period.
#[derive(Debug, Args)]
pub struct PeriodArg {
    /// 2018, 2018H1, 2018Q2, 2018-03 or 2018-03-05
    #[arg(long, default_value = "2018H1")]
    pub period: String,
}

/// `fishpond figures show`
#[derive(Debug, Args)]
pub struct FigureShow {
    /// Id of the figure
    pub id: String,
    /// The period
    #[command(flatten)]
    pub period: PeriodArg,
    /// Break the figure down
    #[arg(long, value_enum)]
    pub by: Option<By>,
    /// Follow it to place, segment, file and line
    #[arg(long)]
    pub trace: bool,
    /// Trace only this place (six digits)
    #[arg(long, value_name = "CODE", requires = "trace")]
    pub place: Option<String>,
    /// Recompute it from the lines and compare
    #[arg(long)]
    pub audit: bool,
}

/// What a figure can be broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// County
    Place,
    /// Sales channel
    Channel,
    /// Product
    Product,
    /// Month
    Month,
    /// Pillar of the programme
    Pillar,
}

/// `fishpond simulate`
#[derive(Debug, Args)]
#[command(after_help = "Example: fishpond simulate --seed 2018 --lines 1000000 --out simulated")]
pub struct Simulate {
    /// Seed; the same seed writes the same bytes
    #[arg(long, default_value_t = 2018)]
    pub seed: u64,
    /// Order lines, 10 thousand to 500 million; totals stay the same
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(10_000..=500_000_000))]
    pub lines: u64,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Only one clean file of the platform channel, for measuring
    #[arg(long)]
    pub clean: bool,
}

/// `fishpond places`
#[derive(Debug, Subcommand)]
pub enum Places {
    /// Show a place by code, Chinese name or pinyin
    #[command(after_help = "Example: fishpond places show 礼县")]
    Show {
        /// Six digits, or a name
        place: String,
        /// Refuse it unless it is on the list of 832 national-level poverty counties
        #[arg(long)]
        national_poverty_county: bool,
    },
}

/// `fishpond programme`
#[derive(Debug, Subcommand)]
pub enum Programme {
    /// Say what is wrong in a programme folder, by file and line
    Check {
        /// The folder; the one in use where it is not given
        dir: Option<PathBuf>,
    },
}
