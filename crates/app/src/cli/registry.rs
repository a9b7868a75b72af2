//! What can be typed about the registry of households and persons: `registry` and `recognition`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::fund::By;

/// The registry.
#[derive(Debug, Subcommand)]
pub enum Registry {
    /// Find the records of one person: within one CSV file, or between two
    #[command(
        after_help = "Example: fishpond registry link persons.csv --out pairs.csv\n         fishpond \
                            registry link a.csv b.csv --out pairs.csv --settings examples/linkage/febrl.toml --json"
    )]
    Link(RegistryLink),
    /// Write a simulated county register in which some persons stand more than once, and who they are
    #[command(
        after_help = "Example: fishpond registry simulate --persons 1000000 --repeats 200000 --out simulated"
    )]
    Simulate(RegistrySimulate),
    /// Do what a file says, one JSON object a line; a file may come again
    #[command(
        after_help = "Example: fishpond registry take acts.jsonl --as village\nA line: {\"leave\": {\"person\": \"01890a5d-ac96-774b-bcce-b302099a8057\", \"on\": \"2018-03-01\", \"reason\": \"married\"}}\nOther lines: register, household, join, person, consent, erase, merge, unmerge, distinct, open_run, close_run, apply, appraise, notice, object, answer, review, decide, announce, withdraw. Every 2,000 lines are taken whole or not at all; a file name of - reads standard input."
    )]
    Take {
        /// The file
        file: PathBuf,
        /// Who does it
        #[command(flatten)]
        by: By,
    },
    /// Take in a register of households: CSV in UTF-8 or GB 18030, plain, gzip or zip, or XLSX; a row a person. A household with a
    /// wrong row is not taken, and said with the row, the field and the rule; the same file again changes nothing
    #[command(after_help = "Example: fishpond registry import 名册.xlsx --layout households --as bachu")]
    Import {
        /// The file
        file: PathBuf,
        /// How it is written: a layout of the programme's folder registers/
        #[arg(long, value_name = "NAME")]
        layout: String,
        /// Who takes it in
        #[command(flatten)]
        by: By,
    },
    /// Find persons by resident ID, phone, account, or the beginning of a name or of its sound; shown masked
    #[command(
        after_help = "Example: fishpond registry search 张伟 --as village\n         fishpond registry search zhangwei --as village"
    )]
    Search {
        /// What to look for
        text: String,
        /// Who looks
        #[command(flatten)]
        by: By,
    },
    /// Hold everyone in the registry against everyone alike; whoever may be written down twice waits to be decided
    #[command(after_help = "Example: fishpond registry repeats --as bachu")]
    Repeats {
        /// Who does it; in the whole country
        #[command(flatten)]
        by: By,
    },
    /// Pairs of persons who may be one, the likeliest first, with what speaks for it
    #[command(after_help = "Example: fishpond registry pairs --as bachu")]
    Pairs {
        /// Who looks
        #[command(flatten)]
        by: By,
    },
    /// Everything about a household, masked
    #[command(
        after_help = "Example: fishpond registry show 01890a5d-ac96-774b-bcce-b302099a8057 --as village"
    )]
    Show {
        /// The household
        household: String,
        /// Who looks
        #[command(flatten)]
        by: By,
    },
}

/// Recognition and exit.
#[derive(Debug, Subcommand)]
pub enum Recognition {
    /// Hold every household of a yearly run against its rules; goes on where it stopped
    #[command(after_help = "Example: fishpond recognition screen 653130-2018 --as bachu")]
    Screen {
        /// The run
        run: String,
        /// Who does it
        #[command(flatten)]
        by: By,
    },
    /// A yearly run: what the rules said and how far its cases are
    #[command(after_help = "Example: fishpond recognition run 653130-2018 --as bachu")]
    Run {
        /// The run
        run: String,
        /// Who looks
        #[command(flatten)]
        by: By,
    },
    /// A case with its steps and objections
    #[command(
        after_help = "Example: fishpond recognition case 01890a5d-ac96-774b-bcce-b302099a8057 --as bachu"
    )]
    Case {
        /// The case
        case: String,
        /// Who looks
        #[command(flatten)]
        by: By,
    },
    /// Make a decision again from what was known then, or all of them; the answer is the same, or this fails
    #[command(
        after_help = "Example: fishpond recognition replay 01890a5d-ac96-774b-bcce-b302099a8057\n         fishpond recognition replay --all"
    )]
    Replay {
        /// The case
        #[arg(required_unless_present = "all")]
        case: Option<String>,
        /// Every decision there is
        #[arg(long, conflicts_with = "case")]
        all: bool,
    },
}

/// `registry link`.
#[derive(Debug, Args)]
pub struct RegistryLink {
    /// A CSV file in UTF-8 with a row of heads; up to 50 million records of values up to 4,096 bytes
    pub left: PathBuf,
    /// A second file: links between the two instead of duplicates within the one
    pub right: Option<PathBuf>,
    /// The CSV file to write: id_left, id_right, probability, weight, the weight of each field
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Known pairs (columns id_left and id_right) that the result is held against; never used to find them
    #[arg(long, value_name = "FILE")]
    pub truth: Option<PathBuf>,
    /// Settings as TOML; where they are not given, those that fit the heads of the file
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// The TOML file to write with the weights that were fitted, for pairs that are looked at one by one later
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
}

/// `registry simulate`.
#[derive(Debug, Args)]
pub struct RegistrySimulate {
    /// Seed; the same seed writes the same bytes
    #[arg(long, default_value_t = 2018)]
    pub seed: u64,
    /// People, up to 10 million
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub persons: u64,
    /// Rows on top in which someone is written down again
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(0..=10_000_000))]
    pub repeats: u64,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
