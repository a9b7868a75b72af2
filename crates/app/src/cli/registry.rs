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
    /// Write a simulated county register in which some persons stand more than once, and who they are
    #[command(
        after_help = "Example: fishpond registry simulate --persons 1000000 --repeats 200000 --out simulated"
    )]
    Simulate(RegistrySimulate),
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
