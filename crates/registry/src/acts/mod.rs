//! What can be done to the registry: every act with who may do it, where, and what the journal calls it.

mod of_cases;
mod of_pairs;
mod of_people;

use kernel::{PlaceCode, Refusal};
use people::staff::Action;
use serde::{Deserialize, Serialize};
use store::Ctx;

use crate::desk::Desk;
use crate::model::{CaseId, HouseholdId, PersonId};
use crate::{cases, households, pairs, persons, runs};

pub use of_cases::*;
pub use of_pairs::*;
pub use of_people::*;

/// One thing that is done to the registry. As JSON: `{"leave": {"person": "…", "on": "2018-03-01", "reason": "married"}}`.
///
/// Ids are given by whoever records, also without a link: a household, a person and a case get theirs on the phone. An act is
/// known by its identity; late, twice and out of order it comes to the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A household is written down with its members. `registry.no_head`, `registry.two_heads`, `registry.not_a_village`.
    Register(Register),
    /// Something of a household is said: that it is so from a day on. Never rewrites what was said before.
    Household(SayHousehold),
    /// Someone is a member from a day on: new, or from another household.
    Join(Join),
    /// Something of a person is said. `registry.resident_id_taken`, `registry.birth_differs`, `registry.sex_differs`.
    Person(SayPerson),
    /// Someone is no longer a member.
    Leave(Leave),
    /// Someone agreed, or took it back.
    Consent(Consent),
    /// Who someone is is forgotten. `registry.still_member`.
    Erase(Erase),
    /// Two persons are one. `registry.same_person`, `registry.merged_already`, `registry.has_merged`,
    /// `registry.not_in_household`, `registry.case_open`.
    Merge(Merge),
    /// It was wrong to take them for one. `registry.not_merged`, `registry.resident_id_taken`.
    Unmerge(Unmerge),
    /// Two persons who look alike are two. `registry.same_person`, `registry.merged_already`.
    Distinct(Distinct),
    /// A yearly run of a county is opened. `registry.not_a_county`, `programme.no_line`.
    OpenRun(OpenRun),
    /// It is closed, once its cases have ended. `registry.run_not_screened`, `registry.cases_open`.
    CloseRun(CloseRun),
    /// A case is opened (申请). `registry.case_open`, `registry.wrong_status`.
    Apply(Apply),
    /// The village appraised it (民主评议). `registry.votes_do_not_add_up`; as every step, `registry.out_of_turn`.
    Appraise(Appraise),
    /// A notice is put up (公示). `registry.notice_out_of_turn`.
    Notice(Notice),
    /// Someone objects to a listing, or a household to being left out. `registry.no_notice_stands`.
    Object(Object),
    /// An objection is answered. `registry.answered_already`.
    Answer(Answer),
    /// The township reviewed it (乡镇审核). `registry.notice_stands`, `registry.objection_open`, `registry.own_case`.
    Review(Review),
    /// The county decided (县级审定). `registry.not_by_rule`, `registry.unknown_by_rule`, `registry.own_case`.
    Decide(Decide),
    /// The decision was announced (公告); from that day the household is registered as poor, or out of poverty.
    Announce(Announce),
    /// The household takes its case back.
    Withdraw(Withdraw),
}

/// Whose an act is: what decides where it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose<'a> {
    /// Of a village, named by the act itself.
    Place(PlaceCode),
    /// Of a household.
    Household(HouseholdId),
    /// Of a person.
    Person(PersonId),
    /// Of a case.
    Case(CaseId),
    /// Of an objection, by its key.
    Objection(&'a str),
    /// Of a yearly run, by its key.
    Run(&'a str),
}

impl Act {
    /// What one has to be allowed to do it, where [`crate::require`] finds it done.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Register(new) if new.recognised_elsewhere => Action::DecideCases,
            Self::Review(_) | Self::Merge(_) | Self::Unmerge(_) | Self::Distinct(_) => Action::ReviewCases,
            Self::Decide(_) | Self::Announce(_) | Self::OpenRun(_) | Self::CloseRun(_) | Self::Erase(_) => {
                Action::DecideCases
            }
            _ => Action::KeepRegistry,
        }
    }

    /// Whose it is.
    #[must_use]
    pub fn whose(&self) -> Whose<'_> {
        match self {
            Self::Register(act) => Whose::Place(act.place),
            Self::OpenRun(act) => Whose::Place(act.place),
            Self::Household(SayHousehold { household, .. })
            | Self::Join(Join { household, .. })
            | Self::Apply(Apply { household, .. }) => Whose::Household(*household),
            Self::Person(SayPerson { person, .. })
            | Self::Leave(Leave { person, .. })
            | Self::Consent(Consent { person, .. })
            | Self::Erase(Erase { person, .. })
            | Self::Merge(Merge { gone: person, .. })
            | Self::Unmerge(Unmerge { gone: person, .. })
            | Self::Distinct(Distinct { one: person, .. }) => Whose::Person(*person),
            Self::Appraise(Appraise { case, .. })
            | Self::Notice(Notice { case, .. })
            | Self::Object(Object { case, .. })
            | Self::Review(Review { case, .. })
            | Self::Decide(Decide { case, .. })
            | Self::Announce(Announce { case, .. })
            | Self::Withdraw(Withdraw { case, .. }) => Whose::Case(*case),
            Self::Answer(act) => Whose::Objection(&act.objection),
            Self::CloseRun(act) => Whose::Run(&act.run),
        }
    }

    /// What makes it one and the same when it comes again.
    pub(crate) fn identity(&self) -> String {
        let name = self.name();
        match self {
            Self::Register(act) => format!("{name}:{}", act.household),
            Self::OpenRun(OpenRun { run, .. }) | Self::CloseRun(CloseRun { run, .. }) => {
                format!("{name}:{run}")
            }
            Self::Household(SayHousehold { key, .. })
            | Self::Join(Join { key, .. })
            | Self::Person(SayPerson { key, .. })
            | Self::Object(Object { key, .. })
            | Self::Merge(Merge { key, .. })
            | Self::Unmerge(Unmerge { key, .. })
            | Self::Distinct(Distinct { key, .. }) => format!("{name}:{key}"),
            Self::Leave(act) => format!("{name}:{}:{}", act.person, act.on),
            Self::Erase(act) => format!("{name}:{}", act.person),
            Self::Consent(act) => format!("{name}:{}:{}:{}", act.person, act.purpose, act.on),
            Self::Answer(act) => format!("{name}:{}", act.objection),
            // A case that was sent back by an objection is put up and reviewed again on another day.
            Self::Appraise(Appraise { case, on, .. }) | Self::Review(Review { case, on, .. }) => {
                format!("{name}:{case}:{on}")
            }
            // Perhaps on the same day: then the photo is another one.
            Self::Notice(act) => {
                format!("{name}:{}:{}:{}:{}", act.case, act.number, act.on, act.document)
            }
            Self::Apply(Apply { case, .. })
            | Self::Decide(Decide { case, .. })
            | Self::Announce(Announce { case, .. })
            | Self::Withdraw(Withdraw { case, .. }) => format!("{name}:{case}"),
        }
    }

    /// The documents that prove it.
    pub(crate) fn document(&self) -> Option<&str> {
        match self {
            Self::Register(Register { document, .. })
            | Self::Household(SayHousehold { document, .. })
            | Self::Join(Join { document, .. })
            | Self::Person(SayPerson { document, .. })
            | Self::Leave(Leave { document, .. })
            | Self::Consent(Consent { document, .. })
            | Self::Object(Object { document, .. })
            | Self::Answer(Answer { document, .. })
            | Self::Erase(Erase { document, .. })
            | Self::Merge(Merge { document, .. })
            | Self::Unmerge(Unmerge { document, .. })
            | Self::Distinct(Distinct { document, .. }) => document.as_deref(),
            Self::Apply(Apply { document, .. })
            | Self::Appraise(Appraise { document, .. })
            | Self::Notice(Notice { document, .. }) => Some(document),
            Self::Review(_)
            | Self::Decide(_)
            | Self::Announce(_)
            | Self::Withdraw(_)
            | Self::OpenRun(_)
            | Self::CloseRun(_) => None,
        }
    }

    /// What the journal calls it.
    pub(crate) fn fact_kind(&self) -> &'static str {
        match self {
            Self::Register(_) => "registry.register",
            Self::Household(_) => "registry.household",
            Self::Join(_) => "registry.join",
            Self::Person(_) => "registry.person",
            Self::Leave(_) => "registry.leave",
            Self::Consent(_) => "registry.consent",
            Self::Erase(_) => "registry.erase",
            Self::Merge(_) => "registry.merge",
            Self::Unmerge(_) => "registry.unmerge",
            Self::Distinct(_) => "registry.distinct",
            Self::OpenRun(_) => "registry.open_run",
            Self::CloseRun(_) => "registry.close_run",
            Self::Apply(_) => "registry.apply",
            Self::Appraise(_) => "registry.appraise",
            Self::Notice(_) => "registry.notice",
            Self::Object(_) => "registry.object",
            Self::Answer(_) => "registry.answer",
            Self::Review(_) => "registry.review",
            Self::Decide(_) => "registry.decide",
            Self::Announce(_) => "registry.announce",
            Self::Withdraw(_) => "registry.withdraw",
        }
    }

    /// The act's own name, as it stands in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.fact_kind().strip_prefix("registry.").unwrap_or_default()
    }

    /// Holds it against the rules, and does it.
    pub(crate) async fn carry_out(&self, desk: &Desk, ctx: &mut Ctx) -> Result<(), Refusal> {
        let identity = self.identity();
        match self {
            Self::Register(act) => households::register(desk, ctx, &identity, act).await,
            Self::Household(act) => households::say_household(desk, ctx, &identity, act).await,
            Self::Join(act) => persons::join(desk, ctx, &identity, act).await,
            Self::Person(act) => persons::say_person(desk, ctx, &identity, act).await,
            Self::Leave(act) => persons::leave(desk, ctx, &identity, act).await,
            Self::Consent(act) => persons::consent(ctx, act).await,
            Self::Erase(act) => persons::erase(ctx, act).await,
            Self::Merge(act) => pairs::merge(desk, ctx, &identity, act).await,
            Self::Unmerge(act) => pairs::unmerge(desk, ctx, &identity, act).await,
            Self::Distinct(act) => pairs::distinct(desk, ctx, act).await,
            Self::OpenRun(act) => runs::open(desk, ctx, act).await,
            Self::CloseRun(act) => runs::close(ctx, act).await,
            Self::Apply(act) => cases::apply(ctx, act).await,
            Self::Appraise(act) => cases::appraise(desk, ctx, act).await,
            Self::Notice(act) => cases::notice(desk, ctx, act).await,
            Self::Object(act) => cases::object(ctx, act).await,
            Self::Answer(act) => cases::answer(ctx, act).await,
            Self::Review(act) => cases::review(ctx, act).await,
            Self::Decide(act) => cases::decide(desk, ctx, act).await,
            Self::Announce(act) => cases::announce(desk, ctx, &identity, act).await,
            Self::Withdraw(act) => cases::withdraw(ctx, act).await,
        }
    }
}
