//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Fishpond 鱼塘: an open system for "Internet + poverty alleviation" programmes.
#[derive(Debug, Parser)]
#[command(name = "fishpond", version, about, arg_required_else_help = false, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do; without it, says what Fishpond is and what to try first
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Settings that every command takes
    #[command(flatten)]
    pub settings: Settings,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 broken.";

/// Settings of every command; a flag goes before its FISHPOND_* variable, that before the default.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Folder that holds everything; made ready on first use
    #[arg(
        long,
        global = true,
        env = "FISHPOND_DATA",
        default_value = "fishpond-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// Database URL, e.g. postgres://user@host/name; SQLite in the data folder where it is not given
    #[arg(long, global = true, env = "FISHPOND_DATABASE", value_name = "URL")]
    pub database: Option<String>,
    /// Where documents are kept, a folder or s3://bucket/prefix; in the data folder where it is not given
    #[arg(long, global = true, env = "FISHPOND_DOCUMENTS", value_name = "PLACE")]
    pub documents: Option<String>,
    /// Language of what is printed
    #[arg(long, global = true, env = "FISHPOND_LANG", value_enum, default_value_t = Language::Zh)]
    pub lang: Language,
    /// Print JSON for machines
    #[arg(long, global = true)]
    pub json: bool,
}

/// Languages Fishpond speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

/// Everything Fishpond does from the command line.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The main job: simulate, import, compute, write the report, then serve it
    Demo(Demo),
    /// Serve the pages: the last report and the way down to its order lines
    #[command(after_help = "Example: fishpond serve --listen 127.0.0.1:8080")]
    Serve(Serve),
    /// Order files of sales channels
    #[command(subcommand)]
    Sales(Sales),
    /// Figures and the evidence behind them
    #[command(subcommand)]
    Figures(Figures),
    /// The half-year report
    #[command(subcommand)]
    Report(Report),
    /// The report of a period on its way to publication: prepared, reviewed by two persons, published, corrected
    #[command(subcommand)]
    Period(PeriodReport),
    /// The evidence pack, with which a stranger recomputes the report
    #[command(subcommand)]
    Pack(Pack),
    /// Write simulated order files of the programme's channels
    Simulate(Simulate),
    /// Provinces, prefectures and counties
    #[command(subcommand)]
    Places(Places),
    /// A programme as data
    #[command(subcommand)]
    Programme(Programme),
    /// Who may sign in and what they may do
    #[command(subcommand)]
    User(User),
    /// Check the data: journal, documents, segments, chain, rollups
    Check,
    /// Copy everything into a folder
    Backup {
        /// A folder that does not exist yet
        dir: PathBuf,
    },
    /// Make a new data folder from a backup
    Restore {
        /// The folder a backup was written to
        dir: PathBuf,
    },
}

/// `fishpond demo`
#[derive(Debug, Args)]
#[command(after_help = "Example: fishpond demo --lines 200000")]
pub struct Demo {
    /// List the 37 published figures and hold each defined one against the evidence; exit 0 only if all hold
    #[arg(long)]
    pub check: bool,
    /// Order lines to simulate
    #[arg(long, default_value_t = 200_000)]
    pub lines: u64,
    /// Seed of the simulation
    #[arg(long, default_value_t = 2018)]
    pub seed: u64,
    /// Address to serve on
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: std::net::SocketAddr,
    /// Write the report and end, without serving it
    #[arg(long)]
    pub no_serve: bool,
}

/// `fishpond serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Address to serve on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
}

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
}

/// `fishpond report`
#[derive(Debug, Subcommand)]
pub enum Report {
    /// Write the report of a period as HTML, XLSX, JSON and, where built in, PDF; signed
    #[command(after_help = "Example: fishpond report build 2018H1 --out report")]
    Build {
        /// The period
        period: String,
        /// Folder to write to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// `fishpond period`
#[derive(Debug, Subcommand)]
pub enum PeriodReport {
    /// List the periods with their state, reviews and versions
    #[command(after_help = "Example: fishpond period list --json")]
    List,
    /// Open the report of a period: its version 1 is now being prepared
    #[command(after_help = "Example: fishpond period open 2018H1 --as chen")]
    Open(PeriodStep),
    /// Make the report and its pack, keep both, and submit them for review
    #[command(after_help = "Example: fishpond period submit 2018H1 --as chen")]
    Submit(PeriodStep),
    /// Approve the draft in review, or send it back; two persons have to approve, neither of them its submitter
    #[command(
        after_help = "Example: fishpond period review 2018H1 --as lan --approve\n         fishpond period review 2018H1 --as lan --send-back \"county 621126 is missing\""
    )]
    Review(PeriodReview),
    /// Publish the draft that two persons approved
    #[command(after_help = "Example: fishpond period publish 2018H1 --as chen")]
    Publish(PeriodStep),
    /// Open the next version of a published report; the published one stays readable
    #[command(
        after_help = "Example: fishpond period correct 2018H1 --as chen --reason \"orders of June came late\""
    )]
    Correct {
        /// Which period and who
        #[command(flatten)]
        step: PeriodStep,
        /// Why it is corrected; stands beside the new version
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// A period and who acts on it.
#[derive(Debug, Args)]
pub struct PeriodStep {
    /// The period
    pub period: String,
    /// Who you are. It is believed, because whoever runs this command owns the machine; sign-in is on the web
    #[arg(long = "as", value_name = "LOGIN")]
    pub actor: String,
}

/// A review.
#[derive(Debug, Args)]
pub struct PeriodReview {
    /// Which period and who
    #[command(flatten)]
    pub step: PeriodStep,
    /// It may be published
    #[arg(long, required_unless_present = "send_back", conflicts_with = "send_back")]
    pub approve: bool,
    /// It may not, and why
    #[arg(long, value_name = "REASON")]
    pub send_back: Option<String>,
    /// Id of the draft that was looked at; the one in review where it is not given
    #[arg(long, value_name = "ID")]
    pub draft: Option<String>,
}

/// `fishpond pack`
#[derive(Debug, Subcommand)]
pub enum Pack {
    /// Write Parquet, figure SQL, hashes and signature into one file
    Build {
        /// The period
        period: String,
        /// File to write, a tar
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Recompute everything in a pack
    Verify {
        /// The pack
        file: PathBuf,
    },
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

/// `fishpond user`
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a user; the same login twice is one user
    #[command(
        after_help = "Example: fishpond user add lan@example.org --name 李兰 --role county --place 621226"
    )]
    Add(UserAdd),
    /// Give a role, or take it back
    #[command(after_help = "Example: fishpond user role lan@example.org county --place 621227")]
    Role(UserRole),
    /// Shut a user out
    #[command(after_help = "Example: fishpond user disable lan@example.org")]
    Disable {
        /// The login
        login: String,
    },
    /// Let a user in again
    #[command(after_help = "Example: fishpond user enable lan@example.org")]
    Enable {
        /// The login
        login: String,
    },
    /// All users with their roles
    #[command(after_help = "Example: fishpond user list --json")]
    List,
    /// Print a new one-time link, with which a user sets a password or a passkey
    #[command(after_help = "Example: fishpond user link lan@example.org")]
    Link {
        /// The login
        login: String,
    },
}

/// `fishpond user add`
#[derive(Debug, Args)]
pub struct UserAdd {
    /// What is typed to sign in: letters, digits and . _ - + @
    pub login: String,
    /// What pages call the user
    #[arg(long)]
    pub name: String,
    /// A role to give at once: admin, fund, county, observer …
    #[arg(long)]
    pub role: Option<String>,
    /// The place of the role, with everything below it
    #[arg(long, value_name = "CODE", requires = "role")]
    pub place: Option<String>,
}

/// `fishpond user role`
#[derive(Debug, Args)]
pub struct UserRole {
    /// The login
    pub login: String,
    /// The role: admin, fund, county, observer …
    pub role: String,
    /// The place of the role, with everything below it; the whole country where it is not given
    #[arg(long, value_name = "CODE")]
    pub place: Option<String>,
    /// Take the role back
    #[arg(long)]
    pub revoke: bool,
}
