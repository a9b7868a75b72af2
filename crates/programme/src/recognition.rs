//! The rules by which households are recognised as poor (识别) and leave poverty (退出), as dated data: `recognition.toml`.
//!
//! What is counted of a household is a [`Measure`]; a [`Condition`] holds it against a limit. Which conditions make a rule is
//! the programme's; what a measure means is code (`registry`).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::{Fault, Money, Refusal, Text};
use serde::{Deserialize, Serialize};

use crate::Finding;
use crate::source::{Source, is_id};

/// `recognition.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBook {
    /// How many days a public notice stands (公示).
    pub notice_days: u32,
    /// A household that left is watched (防止返贫监测) below so many thousandths of the line.
    pub watch_permille: i64,
    /// What a village appraisal needs (民主评议).
    pub appraisal: Appraisal,
    /// The poverty line of each year.
    pub lines: Vec<Line>,
    /// What keeps a household out (负面清单).
    pub exclusions: Vec<Exclusion>,
    /// The versions of the rules, the oldest first.
    pub rules: Vec<RuleSet>,
}

/// What a village appraisal needs, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appraisal {
    /// Of those who may vote, so many came at least.
    pub attended_permille: u32,
    /// Of those who came, so many agreed at least.
    pub in_favour_permille: u32,
}

/// The poverty line of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The year of the income.
    pub year: i16,
    /// Net income a head, in current prices.
    #[serde(rename = "fen")]
    pub per_head: Money,
}

/// Something that keeps a household out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Its id, for example `car`.
    pub id: String,
    /// Its name for readers.
    pub title: Text,
}

/// One version of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Its name; decisions keep it.
    pub version: String,
    /// Decisions from this day on are made by it.
    pub from: Date,
    /// Where it is written.
    pub source: Text,
    /// A household is poor where any of these holds.
    pub poor_if: Vec<Condition>,
    /// It is never recognised where any of these holds.
    pub never_if: Vec<Condition>,
    /// It leaves where all of these hold.
    pub leaves_if: Vec<Condition>,
}

/// A measure held against a limit: exactly one of the three limits is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Its id; reasons of decisions keep it.
    pub id: String,
    /// What it says, for readers.
    pub title: Text,
    /// What is measured.
    pub measure: Measure,
    /// It holds where the measure is less.
    #[serde(default)]
    pub below: Option<Limit>,
    /// It holds where the measure is as much or more.
    #[serde(default)]
    pub at_least: Option<Limit>,
    /// It holds where the measure is as much or less.
    #[serde(default)]
    pub at_most: Option<Limit>,
}

/// What is counted of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Net income a head of the year before, in fen.
    IncomePerHead,
    /// Members who live in it.
    Members,
    /// Members who can work (劳动力).
    Labour,
    /// Members at school.
    Students,
    /// Members with a disability.
    Disabled,
    /// Members who are seriously or chronically ill.
    Ill,
    /// Land, in thousandths of a mu.
    Land,
    /// Assurances and guarantees that are not met (两不愁三保障).
    GuaranteesUnmet,
    /// Assurances and guarantees that nobody looked at.
    GuaranteesUnseen,
    /// What of the exclusion list was seen.
    Exclusions,
}

/// A number, or the poverty line of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Limit {
    /// A number, in the unit of the measure.
    Number(i64),
    /// The poverty line.
    Line(TheLine),
}

/// `"line"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TheLine {
    /// The poverty line of the year whose income is measured.
    Line,
}

impl RuleBook {
    /// Reads `recognition.toml`; every fault in it is a finding.
    pub(crate) fn read(source: Source<'_>) -> Result<Self, Vec<Finding>> {
        let book: Self = source.read().map_err(|finding| vec![finding])?;
        let findings = book.findings(source);
        if findings.is_empty() {
            Ok(book)
        } else {
            Err(findings)
        }
    }

    /// The rules of a day, else `programme.no_rules_yet`.
    pub fn on(&self, day: Date) -> Result<&RuleSet, Refusal> {
        let found = self.rules.iter().rev().find(|rules| rules.from <= day);
        found.ok_or_else(|| Refusal::new("programme.no_rules_yet", Fault::Refused).value(day))
    }

    /// The rules of a version, else `programme.no_such_rules`.
    pub fn version(&self, version: &str) -> Result<&RuleSet, Refusal> {
        let found = self.rules.iter().find(|rules| rules.version == version);
        found.ok_or_else(|| Refusal::new("programme.no_such_rules", Fault::Missing).value(version))
    }

    /// The poverty line of a year, else `programme.no_line`.
    pub fn line(&self, year: i16) -> Result<Money, Refusal> {
        let found = self.lines.iter().find(|line| line.year == year);
        let line = found.ok_or_else(|| Refusal::new("programme.no_line", Fault::Missing).value(year))?;
        Ok(line.per_head)
    }

    fn findings(&self, source: Source<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut say = |key: &str, code, value: &dyn std::fmt::Display| {
            findings.push(source.finding(source.line_of("", key), code, value));
        };
        let shares = [
            ("attended_permille", self.appraisal.attended_permille),
            ("in_favour_permille", self.appraisal.in_favour_permille),
        ];
        for (key, share) in shares.into_iter().filter(|(_, share)| *share > 1_000) {
            say(key, "programme.bad_value", &share);
        }
        if self.watch_permille < 0 {
            say("watch_permille", "programme.bad_value", &self.watch_permille);
        }
        if self.rules.is_empty() {
            say("rules", "programme.missing_key", &"rules");
        }
        let mut years = BTreeSet::new();
        for line in &self.lines {
            if line.per_head <= Money::ZERO || !years.insert(line.year) {
                say("lines", "programme.bad_value", &line.year);
            }
        }
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        for exclusion in &self.exclusions {
            if !is_id(&exclusion.id) || !ids.insert(&exclusion.id) {
                say("exclusions", "programme.bad_id", &exclusion.id);
            }
        }
        for pair in self.rules.windows(2) {
            if let [earlier, later] = pair
                && (later.from <= earlier.from || later.version == earlier.version)
            {
                say("rules", "programme.rules_out_of_order", &later.version);
            }
        }
        for rules in &self.rules {
            let mut ids: BTreeSet<&str> = BTreeSet::new();
            let conditions = rules
                .poor_if
                .iter()
                .chain(&rules.never_if)
                .chain(&rules.leaves_if);
            for condition in conditions {
                let limits = [condition.below, condition.at_least, condition.at_most];
                if limits.into_iter().flatten().count() != 1 {
                    say("rules", "programme.not_one_limit", &condition.id);
                }
                if !is_id(&condition.id) || !ids.insert(&condition.id) {
                    say("rules", "programme.bad_id", &condition.id);
                }
            }
            // A rule without conditions would recognise nobody and let everybody go.
            for (key, list) in [("poor_if", &rules.poor_if), ("leaves_if", &rules.leaves_if)] {
                if list.is_empty() {
                    say("rules", "programme.missing_key", &key);
                }
            }
        }
        findings
    }
}
