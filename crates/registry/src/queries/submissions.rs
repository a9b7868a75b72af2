//! What phones sent by other programs than ours: a list without anything that was answered, and one of them, opened.

use jiff::Timestamp;
use kernel::{PlaceCode, Refusal, Text};
use people::staff::PlaceFilter;
use serde::{Deserialize, Serialize};
use store::{Row, args};

use super::spans;
use crate::desk::Registry;
use crate::model::{HouseholdId, SubmissionState};
use crate::repo as sql;
use crate::submissions::{no_such_submission, owner, reasons_of};

/// The most submissions of a list.
const LINES_MAX: i64 = 200;

/// Why a submission was not taken, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionReason {
    /// The broken rule.
    pub code: String,
    /// What it says.
    pub text: Text,
}

/// A submission in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionLine {
    /// The household that it makes.
    pub household: HouseholdId,
    /// The id its device gave it.
    pub instance_id: String,
    /// The form.
    pub form_id: String,
    /// The version of it that the phone had; empty where it has none.
    pub form_version: String,
    /// Where.
    pub place: PlaceCode,
    /// When it came.
    pub received_at: Timestamp,
    /// Who sent it.
    pub received_by: String,
    /// Where it stands.
    pub state: SubmissionState,
}

/// A submission, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionPage {
    /// Its line.
    pub line: SubmissionLine,
    /// What was sent.
    pub xml: String,
    /// Why it was not taken.
    pub reasons: Vec<SubmissionReason>,
    /// The names of its files that came.
    pub files: Vec<String>,
}

impl Registry {
    /// The submissions of the places someone may see: those that wait first, then the latest.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn submissions(&self, seen: &PlaceFilter) -> Result<Vec<SubmissionLine>, Refusal> {
        let mut reader = self.store.read().await?;
        let mut lines = Vec::new();
        for (first, last) in spans(seen) {
            for row in reader
                .rows(sql::SUBMISSIONS_AT, args![first, last, LINES_MAX])
                .await?
            {
                lines.push(line(&row)?);
            }
        }
        Ok(lines)
    }

    /// One submission, opened, of the places someone may see.
    ///
    /// # Errors
    /// `registry.no_such_submission`; what the store gives.
    pub async fn submission(
        &self,
        seen: &PlaceFilter,
        household: HouseholdId,
    ) -> Result<SubmissionPage, Refusal> {
        let mut reader = self.store.read().await?;
        let row = reader
            .row(sql::SUBMISSION_OF_HOUSEHOLD, args![household.as_uuid()])
            .await?;
        let row = row.ok_or_else(|| no_such_submission(household))?;
        let line = line(&row)?;
        if !seen.covers(line.place) {
            return Err(no_such_submission(household));
        }
        let rows = reader
            .rows(sql::SUBMISSION_FILES, args![&line.instance_id])
            .await?;
        let files: Result<_, Refusal> = rows.iter().map(|row| row.text("name")).collect();
        let reasons = match row.opt_text("refused")? {
            Some(sealed) => {
                let plain = self.desk.keyring.open(&sealed, &reasons_of(&line.instance_id))?;
                serde_json::from_slice(&plain)
                    .map_err(|error| Refusal::broken("store.secret_unreadable", &error))?
            }
            None => Vec::new(),
        };
        let xml = self
            .desk
            .keyring
            .open(&row.text("sealed")?, &owner(&line.instance_id))?;
        let xml =
            String::from_utf8(xml).map_err(|error| Refusal::broken("store.secret_unreadable", &error))?;
        Ok(SubmissionPage {
            xml,
            reasons,
            files: files?,
            line,
        })
    }
}

pub(crate) fn line(row: &Row) -> Result<SubmissionLine, Refusal> {
    let is_made = row.int("is_made")? == 1;
    let is_refused = row.opt_text("refused")?.is_some();
    let state = match (is_refused, is_made, row.opt_int("set_aside_at")?) {
        (false, ..) => SubmissionState::Taken,
        (true, true, _) => SubmissionState::Corrected,
        (true, false, Some(_)) => SubmissionState::SetAside,
        (true, false, None) => SubmissionState::Waits,
    };
    Ok(SubmissionLine {
        household: sql::parsed(&row.text("household")?, "household")?,
        instance_id: row.text("instance_id")?,
        form_id: row.text("form_id")?,
        form_version: row.text("form_version")?,
        place: sql::place(row)?,
        received_at: row.instant("received_at")?,
        received_by: row.text("received_by")?,
        state,
    })
}
