//! Pairs of persons who may be one: those that wait, and one with both sides and what speaks for it.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{PlaceCode, Refusal};
use linkage::Part;
use people::staff::PlaceFilter;
use serde::Serialize;
use store::{Ctx, Keyring, Reader, Row, args};

use super::{Masked, spans};
use crate::desk::Registry;
use crate::likeness::ordered;
use crate::model::{HouseholdId, PairState, PersonFacts, PersonId, PersonalField};
use crate::repo as sql;
use crate::vault::number_mark;

/// The most pairs of a list.
const PAIRS_MAX: usize = 200;

/// Two persons who may be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairLine {
    /// The two.
    pub sides: [PairSide; 2],
    /// What speaks for one person, in thousandths of a bit.
    pub millibits: i64,
    /// The probability of it, in millionths.
    pub ppm: i64,
    /// What each comparison says.
    pub parts: Vec<Part>,
    /// What stands of it.
    pub state: PairState,
    /// When it was found.
    pub found_at: Timestamp,
    /// What was decided.
    pub decision: Option<PairDecision>,
}

/// One of two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairSide {
    /// The person.
    pub person: PersonId,
    /// What of them may be seen; none where they live at a place that may not.
    pub seen: Option<SeenSide>,
}

/// What may be seen of one of two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenSide {
    /// Their household; none where they left it, or turned out to be the other.
    pub household: Option<HouseholdId>,
    /// Its village, or that of the household they were of.
    pub place: PlaceCode,
    /// Who they are, masked.
    pub who: Masked,
    /// What is said of them.
    pub facts: PersonFacts,
}

/// What was decided of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairDecision {
    /// When.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub document: Option<String>,
}

impl Registry {
    /// The pairs that wait for a decision and of which at least one side may be seen, the likeliest first.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn open_pairs(&self, seen: &PlaceFilter) -> Result<Vec<PairLine>, Refusal> {
        let mut reader = self.store.read().await?;
        let (limit, mut lines) = (i64::try_from(PAIRS_MAX).unwrap_or(i64::MAX), Vec::new());
        for (first, last) in spans(seen) {
            for row in reader.rows(sql::PAIRS_AT, args![first, last, limit]).await? {
                lines.push(self.pair_line(&mut reader, seen, &row).await?);
            }
        }
        let key = |line: &PairLine| {
            (
                -line.millibits,
                line.sides.each_ref().map(|side| side.person.to_string()),
            )
        };
        lines.sort_by_key(key);
        lines.dedup_by_key(|line| key(line));
        lines.truncate(PAIRS_MAX);
        Ok(lines)
    }

    /// The pairs someone is of, of which this one may be seen.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn pairs_of(&self, seen: &PlaceFilter, person: PersonId) -> Result<Vec<PairLine>, Refusal> {
        let mut reader = self.store.read().await?;
        super::seen_place(&mut reader, seen, crate::acts::Whose::Person(person)).await?;
        let mut lines = Vec::new();
        for row in reader.rows(sql::PAIRS_OF, args![person.as_uuid()]).await? {
            lines.push(self.pair_line(&mut reader, seen, &row).await?);
        }
        Ok(lines)
    }

    /// A pair.
    ///
    /// # Errors
    /// `registry.no_such_person` where the two are no pair, or neither may be seen.
    pub async fn pair(
        &self,
        seen: &PlaceFilter,
        one: PersonId,
        other: PersonId,
    ) -> Result<PairLine, Refusal> {
        let mut reader = self.store.read().await?;
        let (first, second) = ordered(one, other);
        let row = reader
            .row(sql::PAIR, args![first.as_uuid(), second.as_uuid()])
            .await?;
        let row = row.ok_or_else(|| sql::no_such_person(other))?;
        let line = self.pair_line(&mut reader, seen, &row).await?;
        if line.sides.iter().all(|side| side.seen.is_none()) {
            return Err(sql::no_such_person(one));
        }
        Ok(line)
    }

    async fn pair_line(
        &self,
        reader: &mut Reader,
        seen: &PlaceFilter,
        row: &Row,
    ) -> Result<PairLine, Refusal> {
        let one = self.side(reader, seen, &row.text("one")?).await?;
        let other = self.side(reader, seen, &row.text("other")?).await?;
        Ok(PairLine {
            sides: [one, other],
            millibits: row.int("millibits")?,
            ppm: row.int("ppm")?,
            parts: sql::json(row, "parts")?,
            state: sql::parsed(&row.text("state")?, "state")?,
            found_at: row.instant("found_at")?,
            decision: decision(row)?,
        })
    }

    async fn side(&self, reader: &mut Reader, seen: &PlaceFilter, id: &str) -> Result<PairSide, Refusal> {
        let person: PersonId = sql::parsed(id, "id")?;
        let place = sql::place_of(reader, crate::acts::Whose::Person(person)).await?;
        let row = reader.row(sql::PERSON, args![person.as_uuid()]).await?;
        let row = row.ok_or_else(|| sql::no_such_person(person))?;
        let side = SeenSide {
            household: sql::opt_parsed(&row, "household")?,
            place,
            who: Masked::from(&self.desk.personal_of(person, &row)?),
            facts: sql::person_facts(&row)?,
        };
        Ok(PairSide {
            person,
            seen: seen.covers(place).then_some(side),
        })
    }
}

fn decision(row: &Row) -> Result<Option<PairDecision>, Refusal> {
    let Some(by) = row.opt_text("decided_by")? else {
        return Ok(None);
    };
    Ok(Some(PairDecision {
        on: sql::day(row, "decided_on")?,
        by,
        reason: row.opt_text("reason")?.unwrap_or_default(),
        document: row.opt_text("document")?,
    }))
}

/// Who has this account and may be written down twice: money to it waits until someone has decided.
///
/// # Errors
/// What the store gives.
pub async fn in_question(
    ctx: &mut Ctx,
    keyring: &Keyring,
    account: &str,
) -> Result<Option<PersonId>, Refusal> {
    let mark = number_mark(keyring, PersonalField::BankAccount, account);
    let row = ctx.row(sql::IN_QUESTION, args![mark]).await?;
    row.map(|row| sql::parsed(&row.text("person")?, "person"))
        .transpose()
}
