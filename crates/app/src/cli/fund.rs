//! The fund: `fund`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `fishpond fund`
#[derive(Debug, Subcommand)]
pub enum Fund {
    /// Do what a file says, one JSON object a line; a file may come again
    #[command(
        after_help = "Example: fishpond fund take acts.jsonl --as lan\nA line: {\"call\": {\"pledge\": \"main\", \"tranche\": 1, \"on\": \"2018-01-15\"}}\nOther lines: pledge, receive, own, propose_budget, approve_budget, decline_budget, project, commit, meet, release, free, cofinance, withdraw_cofinance, pair, duty, model_county, target, measure, staff_day, visit, event. Every 2,000 lines are taken whole or not at all; a file name of - reads standard input."
    )]
    Take {
        /// The file
        file: PathBuf,
        /// Who does it
        #[command(flatten)]
        by: By,
    },
    /// Keep a document that proves something; answers its SHA-256
    #[command(after_help = "Example: fishpond fund document acceptance.pdf --as lan")]
    Document {
        /// The file
        file: PathBuf,
        /// Who keeps it
        #[command(flatten)]
        by: By,
    },
    /// Hold the money of a milestone in the books
    #[command(after_help = "Example: fishpond fund commit melons 1 --on 2018-02-01 --as lan")]
    Commit(AtMilestone),
    /// Say that a milestone was met, by a document
    #[command(
        after_help = "Example: fishpond fund meet melons 1 --on 2018-03-30 --document acceptance.pdf --as lan"
    )]
    Meet {
        /// Which milestone, when and who
        #[command(flatten)]
        at: AtMilestone,
        /// What proves it
        #[arg(long, value_name = "FILE")]
        document: PathBuf,
    },
    /// Release the money of a milestone that another person said was met
    #[command(after_help = "Example: fishpond fund release melons 1 --on 2018-04-02 --as wei")]
    Release(AtMilestone),
    /// Approve a version of a budget that another person proposed
    #[command(
        after_help = "Example: fishpond fund approve budget-2018-2 --reason 暑期培训增加 --on 2018-06-30 --as wei"
    )]
    Approve(Decide),
    /// Decline a version of a budget
    #[command(
        after_help = "Example: fishpond fund decline budget-2018-2 --reason 依据不足 --on 2018-06-30 --as wei"
    )]
    Decline(Decide),
    /// Seal what the fund did in a period, so that figures count it and the pack holds it
    #[command(after_help = "Example: fishpond fund seal 2018H1 --as lan")]
    Seal {
        /// The period
        period: String,
        /// Who seals
        #[command(flatten)]
        by: By,
    },
    /// Pledges with their tranches: promised, called, received
    Pledges(Seen),
    /// Budget of a year by pillar: budget, spent, released, held, forecast; and its versions
    #[command(after_help = "Example: fishpond fund budget 2018 --on 2018-06-30 --as lan")]
    Budget {
        /// The year
        year: String,
        /// Who looks, as of when
        #[command(flatten)]
        seen: Seen,
    },
    /// Projects with their milestones and money
    Projects(Seen),
    /// What the fund moved in others, claim by claim; turnover apart
    Leverage(Seen),
    /// The flow of money from source to use
    Flow(Seen),
    /// Targets of model counties and key results of units
    Targets(Seen),
    /// Pairings with counties and how far their duties are
    Pairings(By),
    /// Visits in the field
    #[command(after_help = "Example: fishpond fund visits 2018H1 --as lan")]
    Visits {
        /// The period
        period: String,
        /// Who looks
        #[command(flatten)]
        by: By,
    },
    /// What happened, by day
    #[command(after_help = "Example: fishpond fund timeline 2018H1 --as lan")]
    Timeline {
        /// The period
        period: String,
        /// Who looks
        #[command(flatten)]
        by: By,
    },
}

/// Who does something.
#[derive(Debug, Args)]
pub struct By {
    /// Login of the user you are, who may do the same on the web. It is believed, because whoever runs this command owns the
    /// machine
    #[arg(long = "as", value_name = "LOGIN")]
    pub actor: String,
}

/// Who looks, and as of when.
#[derive(Debug, Args)]
pub struct Seen {
    /// Who looks
    #[command(flatten)]
    pub by: By,
    /// As of the end of this day, YYYY-MM-DD; today where it is not given
    #[arg(long, value_name = "DAY")]
    pub on: Option<String>,
}

/// A milestone, a day, and who acts.
#[derive(Debug, Args)]
pub struct AtMilestone {
    /// The project, by its key
    pub project: String,
    /// The milestone, from 1
    pub milestone: u32,
    /// The day, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub on: String,
    /// Who does it
    #[command(flatten)]
    pub by: By,
}

/// A budget that waits, and what is decided.
#[derive(Debug, Args)]
pub struct Decide {
    /// The version, by its key
    pub key: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The day, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub on: String,
    /// Who decides
    #[command(flatten)]
    pub by: By,
}
