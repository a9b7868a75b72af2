//! The books: `books`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `fishpond books`
#[derive(Debug, Subcommand)]
pub enum Books {
    /// The chart of accounts
    #[command(subcommand)]
    Accounts(Accounts),
    /// Post an entry; the same key with the same content is the same entry
    #[command(
        after_help = "Example: fishpond books post gift-1 --on 2018-06-30 --memo 捐赠 --debit assets:fund:cash 1000.00 --credit equity:pledge 1000.00 --as chen"
    )]
    Post(Post),
    /// Do what a file says, one JSON object a line; a file may come again
    #[command(
        after_help = "Example: fishpond books take acts.jsonl --as chen\nA line: {\"post\": {\"key\": \"gift-1\", \"effective_on\": \"2018-06-30\", \"memo\": \"捐赠\", \"legs\": [{\"account\": \"assets:fund:cash\", \"amount_fen\": 100000}, {\"account\": \"equity:pledge\", \"amount_fen\": -100000}]}}\nOther lines: hold, post_hold, void_hold, reverse. Every 8,190 lines are taken whole or not at all; a file name of - reads standard input."
    )]
    Take {
        /// The file
        file: PathBuf,
        /// Who does it
        #[command(flatten)]
        keeper: Keeper,
    },
    /// Money reserved
    #[command(subcommand)]
    Hold(Hold),
    /// Take an entry back, by one with the opposite legs
    #[command(
        after_help = "Example: fishpond books reverse 17 --key back-17 --on 2018-07-02 --memo 重复 --as chen"
    )]
    Reverse {
        /// Number of the entry
        entry: String,
        /// Key of the reversal
        #[arg(long)]
        key: String,
        /// Its day and memo, and who does it
        #[command(flatten)]
        about: About,
    },
    /// One entry with its legs
    Entry {
        /// Its number
        no: String,
    },
    /// Statement of an account, or of every account of an owner
    #[command(
        after_help = "Example: fishpond books statement assets:fund:cash --from 2018-01-01 --through 2018-06-30\n         fishpond books statement --owner county:621226 --from 2018-01-01 --through 2018-06-30 --xlsx li.xlsx"
    )]
    Statement(Statement),
    /// Trial balance as of a day, as it was known at an instant
    #[command(
        after_help = "Example: fishpond books trial-balance --on 2018-06-30 --known 2018-07-15T00:00:00Z"
    )]
    TrialBalance(TrialBalance),
    /// Close a period that is over: nothing is posted in it any more
    #[command(after_help = "Example: fishpond books close 2018H1 --as chen")]
    Close {
        /// The period
        period: String,
        /// Who does it
        #[command(flatten)]
        keeper: Keeper,
    },
    /// The closed periods with their seals
    Periods,
    /// Write all accounts and entries for hledger or beancount
    #[command(after_help = "Example: fishpond books export --form hledger --out books.journal")]
    Export {
        /// Form of the journal
        #[arg(long, value_enum)]
        form: Form,
        /// File to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// `fishpond books accounts`
#[derive(Debug, Subcommand)]
pub enum Accounts {
    /// Accounts by code with their balances, or those of an owner
    #[command(after_help = "Example: fishpond books accounts list --owner county:621226")]
    List {
        /// fund, pillar, project, county, household, channel, lender, insurer or bank, a colon and an id
        #[arg(long, value_name = "KIND:ID")]
        owner: Option<String>,
        /// Only those after this account
        #[arg(long, value_name = "CODE")]
        after: Option<String>,
        /// How many at most
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        limit: i64,
    },
    /// Open an account; the same again is no fault
    #[command(
        after_help = "Example: fishpond books accounts open assets:fund:cash --owner fund:main --zh 基金存款 --en \"Cash of the fund\" --floor --as chen"
    )]
    Open {
        /// Its name in the chart
        code: String,
        /// Whose it is: fund, pillar, project, county, household, channel, lender, insurer or bank, a colon and an id
        #[arg(long, value_name = "KIND:ID")]
        owner: String,
        /// Its name in Chinese
        #[arg(long, value_name = "NAME")]
        zh: String,
        /// Its name in English
        #[arg(long, value_name = "NAME")]
        en: String,
        /// It may never go below zero
        #[arg(long)]
        floor: bool,
        /// Who does it
        #[command(flatten)]
        keeper: Keeper,
    },
    /// Close an account that is empty
    Close {
        /// Its name in the chart
        code: String,
        /// Who does it
        #[command(flatten)]
        keeper: Keeper,
    },
}

/// `fishpond books hold`
#[derive(Debug, Subcommand)]
pub enum Hold {
    /// Reserve money
    #[command(
        after_help = "Example: fishpond books hold make school-1 --debit expenses:projects:school 500 --credit assets:fund:cash 500 --until 2018-09-01T00:00:00Z --as chen"
    )]
    Make {
        /// Its key
        key: String,
        /// What it is for
        #[arg(long, default_value = "")]
        memo: String,
        /// Its legs
        #[command(flatten)]
        legs: Legs,
        /// When it is given up by itself
        #[arg(long, value_name = "INSTANT")]
        until: Option<String>,
        /// Who does it
        #[command(flatten)]
        keeper: Keeper,
    },
    /// Post what was reserved; with legs, that part of it, and the rest is free again
    Post {
        /// Key of the hold
        hold: String,
        /// Key of the entry
        #[arg(long)]
        key: String,
        /// Its day and memo, and who does it
        #[command(flatten)]
        about: About,
        /// The part that is posted
        #[command(flatten)]
        legs: Legs,
    },
    /// Give up what was reserved
    Void {
        /// Key of the hold
        hold: String,
        /// Who does it
        #[command(flatten)]
        keeper: Keeper,
    },
    /// A hold and where it stands
    Show {
        /// Key of the hold
        hold: String,
    },
}

/// Who keeps the books.
#[derive(Debug, Args)]
pub struct Keeper {
    /// Login of the user you are, who has the role finance. It is believed, because whoever runs this command owns the machine
    #[arg(long = "as", value_name = "LOGIN")]
    pub actor: String,
}

/// When an entry takes effect, what it is for, who posts it.
#[derive(Debug, Args)]
pub struct About {
    /// Business day on which it takes effect
    #[arg(long, value_name = "DAY")]
    pub on: String,
    /// What it is for; no names of persons
    #[arg(long, default_value = "")]
    pub memo: String,
    /// Who does it
    #[command(flatten)]
    pub keeper: Keeper,
}

/// Legs: an account and yuan each.
#[derive(Debug, Args)]
pub struct Legs {
    /// An account and yuan to debit (借)
    #[arg(long, num_args = 2, value_names = ["CODE", "YUAN"], action = clap::ArgAction::Append)]
    pub debit: Vec<String>,
    /// An account and yuan to credit (贷)
    #[arg(long, num_args = 2, value_names = ["CODE", "YUAN"], action = clap::ArgAction::Append)]
    pub credit: Vec<String>,
}

/// `fishpond books post`
#[derive(Debug, Args)]
pub struct Post {
    /// Key of the entry
    pub key: String,
    /// Its day and memo, and who does it
    #[command(flatten)]
    pub about: About,
    /// Its legs
    #[command(flatten)]
    pub legs: Legs,
}

/// `fishpond books statement`
#[derive(Debug, Args)]
pub struct Statement {
    /// The account
    #[arg(required_unless_present = "owner", conflicts_with = "owner")]
    pub code: Option<String>,
    /// Every account of this owner instead
    #[arg(long, value_name = "KIND:ID")]
    pub owner: Option<String>,
    /// First day
    #[arg(long, value_name = "DAY")]
    pub from: String,
    /// Last day
    #[arg(long, value_name = "DAY")]
    pub through: String,
    /// Lines of an account at most
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    pub lines: i64,
    /// Write it as a workbook instead
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
}

/// `fishpond books trial-balance`
#[derive(Debug, Args)]
pub struct TrialBalance {
    /// Entries that took effect by this day; all where it is not given
    #[arg(long, value_name = "DAY")]
    pub on: Option<String>,
    /// Entries that were recorded by this instant; all where it is not given
    #[arg(long, value_name = "INSTANT")]
    pub known: Option<String>,
    /// Write it as a workbook instead
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
}

/// Forms of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// hledger
    Hledger,
    /// beancount
    Beancount,
}
