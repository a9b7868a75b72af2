//! What can be typed about the registry of persons.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// The registry.
#[derive(Debug, Subcommand)]
pub enum Registry {
    /// Find the records of one person: within one CSV file, or between two
    #[command(
        after_help = "Example: fishpond registry link persons.csv --out pairs.csv\n         fishpond \
                            registry link a.csv b.csv --out pairs.csv --settings examples/linkage/febrl.toml --json"
    )]
    Link(RegistryLink),
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
}
