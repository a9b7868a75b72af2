//! One household over everything the registry knows of it.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Money, PlaceCode, Refusal};
use people::staff::PlaceFilter;
use serde::Serialize;
use serde_json::Value;
use store::{Reader, Row, args};

use super::{Masked, seen_place};
use crate::acts::Whose;
use crate::desk::Registry;
use crate::households::household_at;
use crate::model::{
    CaseId, CaseKind, CaseState, HouseholdId, PersonFacts, PersonId, Personal, Purpose, Relation,
};
use crate::persons::members_at;
use crate::repo as sql;
use crate::rules::{Verdict, judge};
use crate::state::{AsOf, Counted, HouseholdState, Members, PersonState, per_head};

/// A household, everything known of it today.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HouseholdPage {
    /// Its id.
    pub id: HouseholdId,
    /// Its village.
    pub place: PlaceCode,
    /// What stands of it.
    pub state: HouseholdState,
    /// Its members, the head first.
    pub members: Vec<MemberLine>,
    /// Its income, a year a line.
    pub incomes: Vec<IncomeLine>,
    /// What the rules of today say of its recognition, by the last year whose income and line are known; none where there
    /// is no such year.
    pub verdict: Option<Verdict>,
    /// Its cases, the newest first.
    pub cases: Vec<CaseLine>,
    /// Everything that was said of it, the newest first.
    pub history: Vec<HistoryLine>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberLine {
    /// The person.
    pub person: PersonId,
    /// Who they are, masked.
    pub who: Masked,
    /// What is said of them.
    pub facts: PersonFacts,
    /// What they agreed to, as it stands.
    pub consents: Vec<ConsentLine>,
}

/// What someone agreed to or took back last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsentLine {
    /// To what.
    pub purpose: Purpose,
    /// Whether they agree.
    pub given: bool,
    /// Since when.
    pub since: Date,
}

/// The income of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncomeLine {
    /// The year.
    pub year: i16,
    /// Net, of the household.
    pub net_fen: Money,
    /// Net a head of those who live in it today; none where nobody does.
    pub per_head_fen: Option<Money>,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    /// Its id.
    pub id: CaseId,
    /// Whose.
    pub household: HouseholdId,
    /// Of which village.
    pub place: PlaceCode,
    /// What it is about.
    pub kind: CaseKind,
    /// How far it is.
    pub state: CaseState,
    /// When it was opened.
    pub opened_on: Date,
    /// When it last moved.
    pub changed_on: Date,
    /// Until when its notice stands, where one does or did last.
    pub notice_until: Option<Date>,
}

/// Whose statement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoSays {
    /// Of the household.
    Household,
    /// Of a member.
    Person(PersonId),
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryLine {
    /// Its number.
    pub number: i64,
    /// Of whom.
    pub of: WhoSays,
    /// Since when it is so.
    pub since: Date,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// What, without anything that names a person.
    pub said: Value,
    /// Whether it also says who someone is.
    pub names: bool,
    /// What shows it.
    pub document: Option<String>,
}

impl Registry {
    /// Everything about a household that may be seen without asking for more.
    ///
    /// # Errors
    /// `registry.no_such_household`, also where it is at a place that may not be seen.
    pub async fn household(
        &self,
        seen: &PlaceFilter,
        id: HouseholdId,
        today: Date,
    ) -> Result<HouseholdPage, Refusal> {
        let mut reader = self.store.read().await?;
        let place = seen_place(&mut reader, seen, Whose::Household(id)).await?;
        let state = household_at(&mut reader, id, AsOf::NOW).await?;
        let members = self.members(&mut reader, id).await?;
        let counted = Members::of(members.iter().map(|member| &member.facts));
        let verdict = self.verdict_today(&state, counted, today)?;
        let cases = reader.rows(sql::CASES_OF, args![id.as_uuid()]).await?;
        Ok(HouseholdPage {
            id,
            place,
            incomes: incomes(&state, counted.all)?,
            state,
            verdict,
            cases: cases.iter().map(case_line).collect::<Result<_, _>>()?,
            history: history(&mut reader, id, &members).await?,
            members,
        })
    }

    pub(super) async fn members(
        &self,
        reader: &mut Reader,
        id: HouseholdId,
    ) -> Result<Vec<MemberLine>, Refusal> {
        let mut members = Vec::new();
        for row in reader.rows(sql::MEMBERS, args![id.as_uuid()]).await? {
            let person: PersonId = sql::parsed(&row.text("id")?, "id")?;
            members.push(MemberLine {
                person,
                who: Masked::from(&self.desk.personal_of(person, &row)?),
                facts: sql::person_facts(&row)?,
                consents: consents(reader, person).await?,
            });
        }
        members.sort_by_key(|member| {
            (
                member.facts.relation.unwrap_or(Relation::Other),
                member.facts.birth_on,
            )
        });
        Ok(members)
    }

    /// By the last year of which both the income and the line are known.
    fn verdict_today(
        &self,
        state: &HouseholdState,
        members: Members,
        today: Date,
    ) -> Result<Option<Verdict>, Refusal> {
        let last = today.year() - 1;
        let known = state.incomes.keys().rev().copied().filter(|year| *year <= last);
        let year = known
            .into_iter()
            .find(|year| self.desk.rules.line(*year).is_ok())
            .unwrap_or(last);
        let (Ok(rules), Ok(line)) = (self.desk.rules.on(today), self.desk.rules.line(year)) else {
            return Ok(None);
        };
        let measures = Counted::of(state, members, year)?.measures();
        judge(CaseKind::Recognition, rules, (year, line), measures).map(Some)
    }

    /// Who a person is, in full. Whoever asks is held to the right and written into the audit log before.
    ///
    /// # Errors
    /// `registry.no_such_person`, also where they live at a place that may not be seen.
    pub async fn reveal(&self, seen: &PlaceFilter, person: PersonId) -> Result<Personal, Refusal> {
        let mut reader = self.store.read().await?;
        seen_place(&mut reader, seen, Whose::Person(person)).await?;
        let row = reader.row(sql::PERSON, args![person.as_uuid()]).await?;
        self.desk
            .personal_of(person, &row.ok_or_else(|| sql::no_such_person(person))?)
    }

    /// What stood of a household at a moment of the past, and who belonged to it.
    ///
    /// # Errors
    /// `registry.no_such_household`, also where it is at a place that may not be seen.
    pub async fn household_then(
        &self,
        seen: &PlaceFilter,
        id: HouseholdId,
        at: AsOf,
    ) -> Result<(HouseholdState, Vec<PersonState>), Refusal> {
        let mut reader = self.store.read().await?;
        seen_place(&mut reader, seen, Whose::Household(id)).await?;
        let state = household_at(&mut reader, id, at).await?;
        Ok((state, members_at(&mut reader, id, at).await?))
    }
}

fn incomes(state: &HouseholdState, members: i64) -> Result<Vec<IncomeLine>, Refusal> {
    let line = |(year, income): (&i16, &crate::model::YearIncome)| {
        let net = income.net()?;
        Ok(IncomeLine {
            year: *year,
            net_fen: net,
            per_head_fen: per_head(net, members),
        })
    };
    state.incomes.iter().map(line).collect()
}

/// The last word on each purpose.
pub(super) async fn consents(reader: &mut Reader, person: PersonId) -> Result<Vec<ConsentLine>, Refusal> {
    let mut lines: Vec<ConsentLine> = Vec::new();
    for row in reader.rows(sql::CONSENTS, args![person.as_uuid()]).await? {
        let line = ConsentLine {
            purpose: sql::parsed(&row.text("purpose")?, "purpose")?,
            given: row.int("given")? == 1,
            since: sql::day(&row, "since_on")?,
        };
        lines.retain(|earlier| earlier.purpose != line.purpose);
        lines.push(line);
    }
    Ok(lines)
}

async fn history(
    reader: &mut Reader,
    id: HouseholdId,
    members: &[MemberLine],
) -> Result<Vec<HistoryLine>, Refusal> {
    let mut subjects = vec![(id.as_uuid(), WhoSays::Household)];
    subjects.extend(
        members
            .iter()
            .map(|member| (member.person.as_uuid(), WhoSays::Person(member.person))),
    );
    let mut lines = Vec::new();
    for (subject, of) in subjects {
        for row in reader.rows(sql::STATEMENTS_OF, args![subject]).await? {
            lines.push(HistoryLine {
                number: row.int("statement_no")?,
                of,
                since: sql::day(&row, "since_on")?,
                recorded_at: row.instant("recorded_at")?,
                said: sql::json(&row, "said")?,
                names: row.opt_text("sealed")?.is_some(),
                document: row.opt_text("document")?,
            });
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.number));
    Ok(lines)
}

pub(super) fn case_line(row: &Row) -> Result<CaseLine, Refusal> {
    Ok(CaseLine {
        id: sql::parsed(&row.text("id")?, "id")?,
        household: sql::parsed(&row.text("household")?, "household")?,
        place: sql::place(row)?,
        kind: sql::parsed(&row.text("kind")?, "kind")?,
        state: sql::parsed(&row.text("state")?, "state")?,
        opened_on: sql::day(row, "opened_on")?,
        changed_on: sql::day(row, "changed_on")?,
        notice_until: sql::opt_day(row, "notice_until")?,
    })
}
