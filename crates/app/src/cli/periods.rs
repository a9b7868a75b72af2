//! The report and its way to publication: `report`, `period`, `pack`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
    #[command(
        after_help = "Example: fishpond user add chen --name 陈 --role fund\n         fishpond period open 2018H1 --as chen"
    )]
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
    /// Login of the user you are, who may do the same on the web. It is believed, because whoever runs this command owns the
    /// machine
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
