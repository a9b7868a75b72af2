//! What can be typed.

pub mod books;
mod dci;
pub mod forms;
pub mod fund;
mod oidc;
pub mod payments;
mod periods;
mod registry;
mod sales;
mod service;
mod staff;
pub mod targeting;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use dci::{Dci, DciPartner, DciPartnerAdd};
pub use oidc::{Oidc, OidcAdd};
pub use periods::{Pack, PeriodReport, PeriodReview, PeriodStep, Report};
pub use registry::{Recognition, Registry, RegistryLink, RegistrySimulate};
pub use sales::{By, FigureList, FigureShow, Figures, Places, Programme, Sales, SalesFiles, Simulate};
pub use service::{Demo, ServiceFlags};
pub use staff::{User, UserAdd, UserRole};

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

/// Settings of every command; a flag goes before its FISHPOND_* variable, that before fishpond.toml, that before the
/// default.
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
    /// File of settings; fishpond.toml in the data folder where it is not given
    #[arg(long, global = true, env = "FISHPOND_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database URL, e.g. postgres://user@host/name; SQLite in the data folder where it is not given
    #[arg(long, global = true, env = "FISHPOND_DATABASE", value_name = "URL")]
    pub database: Option<String>,
    /// Where documents are kept, a folder or s3://bucket/prefix; in the data folder where it is not given
    #[arg(long, global = true, env = "FISHPOND_DOCUMENTS", value_name = "PLACE")]
    pub documents: Option<String>,
    /// Language of what is printed
    #[arg(long, global = true, env = "FISHPOND_LANG", value_enum, default_value_t = Language::Zh)]
    pub lang: Language,
    /// Form of the log on standard error
    #[arg(long, global = true, env = "FISHPOND_LOG", value_enum, default_value_t = LogForm::Text)]
    pub log: LogForm,
    /// What goes to the log: error, warn, info, debug, or by part, e.g. warn,store=debug [default: info for serve,
    /// else warn]
    #[arg(long, global = true, env = "FISHPOND_LOG_LEVEL", value_name = "LEVEL")]
    pub log_level: Option<String>,
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

/// Forms of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// A line for people
    Text,
    /// A JSON object a line
    Json,
}

/// The keys of the data folder, beside the database and never in it.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Put a new key into the data folder; whatever starts from now on seals under it and still opens what is older. Start the
    /// server again, then go on with `keys finish`
    #[command(after_help = "Example: fishpond keys new --data /var/lib/fishpond")]
    New,
    /// Seal everything again under the newest key and forget the older ones; can be stopped and given again. A backup made before
    /// needs the keys that lie in it
    #[command(after_help = "Example: fishpond keys finish --data /var/lib/fishpond")]
    Finish,
}

/// Everything Fishpond does from the command line.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The main job: simulate, import, compute, write the report, then serve it
    Demo(Demo),
    /// Serve the pages: the last report and the way down to its order lines
    #[command(
        after_help = "Example: fishpond serve --listen 127.0.0.1:8080\n         fishpond serve --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem"
    )]
    Serve(ServiceFlags),
    /// Every setting with its value and where it came from: flag, variable, file or default
    #[command(after_help = "Example: fishpond config --json")]
    Config(ServiceFlags),
    /// Check this machine and this installation, and say what to do
    #[command(after_help = "Example: fishpond doctor --data /var/lib/fishpond")]
    Doctor(ServiceFlags),
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
    /// The books: accounts, entries, holds, statements, periods
    #[command(subcommand)]
    Books(books::Books),
    /// Payments out: batches that two persons approve, files to banks, their answers, money handed out
    #[command(subcommand)]
    Payments(payments::Payments),
    /// By which organisations people sign in, with OpenID Connect
    #[command(subcommand)]
    Oidc(Oidc),
    /// The exchange with other systems, by the DCI social registry interface
    #[command(subcommand)]
    Dci(Dci),
    /// The registry of households and persons
    #[command(subcommand)]
    Registry(Registry),
    /// Recognition as poor and exit: yearly runs, cases, decisions made again
    #[command(subcommand)]
    Recognition(Recognition),
    /// The fund: pledges, budgets, projects, leverage, counties, work in the field
    #[command(subcommand)]
    Fund(fund::Fund),
    /// Score cards from surveys (proxy means test)
    #[command(subcommand)]
    Targeting(targeting::Targeting),
    /// Poverty and inequality of a survey
    #[command(subcommand)]
    Poverty(targeting::Poverty),
    /// Numbers of residents and unified social credit codes
    #[command(subcommand)]
    Ids(targeting::Ids),
    /// Forms for phones: XLSForm to XForm
    #[command(subcommand)]
    Forms(forms::Forms),
    /// Check the data: journal, documents, segments, chain, rollups, books
    Check,
    /// The keys under which secrets and personal data are sealed
    #[command(subcommand)]
    Keys(Keys),
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
