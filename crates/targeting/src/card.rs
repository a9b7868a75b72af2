//! A score card: questions, the points of each answer, and the cut-off. Points are whole numbers that are added by hand;
//! more points are poorer.

use std::io::Read;

use kernel::{Fault, Refusal};
use serde::{Deserialize, Serialize};

use crate::judged::{CutOff, Found, GroupFound};
use crate::questions::{Question, Scale};
use crate::solve::sigmoid;
use crate::table::{Column, Row, Table};

/// The form of the file.
pub const FORM: &str = "fishpond-score-card/1";

/// Points of an answer at most: the sum of all has to fit.
const POINTS_MAX: i64 = 1 << 40;

/// What the sum of a row's coefficients means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Log odds of being poor.
    Logistic,
    /// Minus the natural logarithm of income over the line.
    Linear,
}

/// An answer and what it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// As a person reads it; empty for an empty cell.
    pub label: String,
    /// What is added by hand, zero or more.
    pub points: i64,
    /// What the model adds; zero for the base answer.
    pub coefficient: f64,
}

/// A question with what its answers count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The column and its answers.
    #[serde(flatten)]
    pub question: Question,
    /// One for each answer.
    pub answers: Vec<Answer>,
}

/// Where a card comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Name of the survey file.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Version of the program that fitted it.
    pub program: String,
    /// Rows that weighed something.
    pub rows: u64,
    /// Column of the target.
    pub target: String,
    /// The poverty line.
    pub line: Option<f64>,
    /// Column of weights.
    pub weight: Option<String>,
    /// Column of clusters.
    pub cluster: Option<String>,
    /// Column of groups.
    pub group: Option<String>,
    /// Folds and seed of the cross-validation.
    pub folds: usize,
    /// The seed.
    pub seed: u64,
}

/// How right a card was on rows that its fit had not seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// All persons.
    pub all: Found,
    /// Each group.
    pub groups: Vec<GroupFound>,
    /// The greatest less the least share of the poor who are selected, among groups.
    pub equal_opportunity_gap: Option<f64>,
    /// What other cut-offs would do.
    pub cut_offs: Vec<CutOff>,
}

/// A score card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// [`FORM`].
    pub form: String,
    /// Where it comes from.
    pub source: Source,
    /// What the model is.
    pub model: Model,
    /// The penalty that cross-validation chose.
    pub penalty: f64,
    /// Intercept of the model; it is not in the points, which begin at zero.
    pub intercept: f64,
    /// Points of one unit of the model.
    pub scale: f64,
    /// Who has so many points or more is selected.
    pub cut_off: i64,
    /// The questions.
    pub questions: Vec<Asked>,
    /// How right it was.
    pub evaluation: Evaluation,
}

/// A row with its score.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The points, added.
    pub points: i64,
    /// Chance of being poor (logistic), or income in the currency of the survey (linear), as the model estimates it.
    pub estimate: f64,
    /// Whether the points reach the cut-off.
    pub selected: bool,
}

impl Card {
    /// Reads a card. Refused with `targeting.bad_card`, which says why.
    pub fn read(text: &[u8], name: &str) -> Result<Self, Refusal> {
        let refused = |cause: &dyn std::fmt::Display| {
            Refusal::new("targeting.bad_card", Fault::Refused)
                .at(name)
                .fact("cause", cause)
        };
        let card: Self = serde_json::from_slice(text).map_err(|error| refused(&error))?;
        card.fault().map_or(Ok(card), |fault| Err(refused(&fault)))
    }

    fn fault(&self) -> Option<String> {
        if self.form != FORM {
            return Some(format!("form {}", self.form));
        }
        if self.model == Model::Linear && !self.source.line.is_some_and(|line| line > 0.0) {
            return Some("line".to_owned());
        }
        let is_small = |points: i64| (-POINTS_MAX..=POINTS_MAX).contains(&points);
        let wrong = self.questions.iter().find(|asked| {
            let rises = match &asked.question.scale {
                Scale::UpTo(bands) => bands.is_sorted_by(|one, next| one < next),
                Scale::Levels(_) => true,
            };
            let counts = asked
                .answers
                .iter()
                .all(|answer| is_small(answer.points) && answer.coefficient.is_finite());
            !rises || !counts || asked.answers.len() != asked.question.answers()
        });
        if self.questions.is_empty() || self.questions.len() > 4_096 {
            return Some("questions".to_owned());
        }
        wrong.map(|asked| asked.question.column.clone())
    }

    /// The score of the answers to all questions.
    pub fn score(&self, answers: &[usize], cut_off: i64) -> Scored {
        let given = self.questions.iter().zip(answers);
        let given = given.filter_map(|(asked, answer)| asked.answers.get(*answer));
        let (mut points, mut eta) = (0, self.intercept);
        for answer in given {
            points += answer.points;
            eta += answer.coefficient;
        }
        let estimate = match (self.model, self.source.line) {
            (Model::Linear, Some(line)) => line * (-eta).exp(),
            _ => sigmoid(eta),
        };
        Scored {
            points,
            estimate,
            selected: points >= cut_off,
        }
    }
}

/// A file of households under a card, scored row by row.
pub struct Scoring<'a, R> {
    card: &'a Card,
    cut_off: i64,
    table: Table<R>,
    columns: Vec<Column>,
}

impl<'a, R: Read> Scoring<'a, R> {
    /// Opens the file; a column that the card asks for has to be in it (`targeting.no_column`).
    pub fn open(card: &'a Card, source: R, name: &str, cut_off: Option<i64>) -> Result<Self, Refusal> {
        let table = Table::open(source, name)?;
        let column = |asked: &Asked| table.column(&asked.question.column);
        let columns = card.questions.iter().map(column).collect::<Result<_, _>>()?;
        Ok(Self {
            card,
            cut_off: cut_off.unwrap_or(card.cut_off),
            table,
            columns,
        })
    }

    /// The names of the columns of the file.
    pub fn head(&self) -> &[String] {
        self.table.head()
    }

    /// The next row with its score; none at the end. Refused for what a row is refused for, and with
    /// `targeting.unknown_level` for an answer the card does not know.
    pub fn next_scored(&mut self) -> Result<Option<(Row, Scored)>, Refusal> {
        let Some(row) = self.table.next_row()? else {
            return Ok(None);
        };
        let asked = self.card.questions.iter().zip(&self.columns);
        let answer = |(asked, column): (&Asked, &Column)| {
            let answer = asked.question.answer(row.text(column));
            answer.map_err(|refusal| refusal.at(row.place(column)))
        };
        let answers: Vec<usize> = asked.map(answer).collect::<Result<_, _>>()?;
        let scored = self.card.score(&answers, self.cut_off);
        Ok(Some((row, scored)))
    }
}
