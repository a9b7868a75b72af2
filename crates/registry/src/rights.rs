//! Where an act is done, and who may do it there.

use std::collections::HashMap;

use kernel::{Actor, Fault, PlaceCode, Refusal};
use people::staff::Viewer;
use store::Reader;

use crate::acts::{Act, Whose};
use crate::cases::objection;
use crate::model::CaseId;
use crate::repo::{Asks, place_of};
use crate::runs::Run;

/// Who does an act where it is done: in its village, at the township for a review, at the county for a decision and for what the
/// national register says. A move between villages needs the right at both.
///
/// # Errors
/// `staff.sign_in_required`, `staff.denied`; `registry.no_such_household`, `registry.no_such_person`,
/// `registry.no_such_case`, `registry.no_such_objection`, `registry.no_such_run`.
pub async fn require(reader: &mut Reader, viewer: &Viewer, act: &Act) -> Result<Actor, Refusal> {
    Batch::default().require(reader, viewer, act).await
}

/// Who does all of these acts. What one of them writes down, a later one may name.
///
/// # Errors
/// As [`require`], naming the act by its number from 1; `staff.denied` where there is none.
pub async fn require_all(reader: &mut Reader, viewer: &Viewer, acts: &[Act]) -> Result<Actor, Refusal> {
    let (mut batch, mut first) = (Batch::default(), None);
    for (act, number) in acts.iter().zip(1_usize..) {
        let actor = batch.require(reader, viewer, act).await;
        first.get_or_insert(actor.map_err(|refusal| refusal.at(number))?);
    }
    first.ok_or_else(|| Refusal::new("staff.denied", Fault::Denied))
}

/// Where an act is done that was taken.
pub(crate) async fn place_of_act(asks: &mut impl Asks, act: &Act) -> Result<PlaceCode, Refusal> {
    let village = Batch::default().village(asks, act).await?;
    Ok(office(act, village))
}

/// The office at which it is done: a review at the township, a decision and what leads to it at the county.
fn office(act: &Act, village: PlaceCode) -> PlaceCode {
    match act {
        Act::Review(_) => village.township(),
        Act::Decide(_) | Act::Announce(_) => village.county().unwrap_or(village),
        Act::Register(new) if new.recognised_elsewhere => village.county().unwrap_or(village),
        _ => village,
    }
}

/// What the acts so far write down, before any of it is kept.
#[derive(Default)]
struct Batch {
    villages: HashMap<Whose, PlaceCode>,
    objections: HashMap<String, CaseId>,
}

impl Batch {
    async fn require(&mut self, asks: &mut impl Asks, viewer: &Viewer, act: &Act) -> Result<Actor, Refusal> {
        let village = self.village(asks, act).await?;
        let actor = viewer.require(act.action(), Some(office(act, village)))?;
        if let Some(other) = self.other_place(asks, act).await? {
            viewer.require(act.action(), Some(other))?;
        }
        match act {
            Act::Register(new) => {
                self.villages.insert(Whose::Household(new.household), village);
                for member in &new.members {
                    self.villages.insert(Whose::Person(member.person), village);
                }
            }
            Act::Join(join) => {
                self.villages.insert(Whose::Person(join.member.person), village);
            }
            Act::Apply(apply) => {
                self.villages.insert(Whose::Case(apply.case), village);
            }
            Act::Object(object) => {
                self.objections.insert(object.key.clone(), object.case);
            }
            _ => {}
        }
        Ok(actor)
    }

    /// Where else an act reaches: the village a household moves to, and the one a person comes from.
    async fn other_place(&self, asks: &mut impl Asks, act: &Act) -> Result<Option<PlaceCode>, Refusal> {
        match act {
            Act::Household(said) => Ok(said.facts.place),
            Act::Join(join) => {
                let whose = Whose::Person(join.member.person);
                match self.villages.get(&whose) {
                    Some(village) => Ok(Some(*village)),
                    None => known(place_of(asks, whose).await),
                }
            }
            _ => Ok(None),
        }
    }

    async fn village(&self, asks: &mut impl Asks, act: &Act) -> Result<PlaceCode, Refusal> {
        let whose = match (act.whose(), act) {
            (Some(whose), _) => whose,
            (None, Act::CloseRun(close)) => return Ok(Run::of(asks, &close.run).await?.place),
            (None, Act::Answer(answer)) => match self.objections.get(&answer.objection) {
                Some(case) => Whose::Case(*case),
                None => Whose::Case(objection(asks, &answer.objection).await?.case),
            },
            (None, _) => return Err(Refusal::new("store.bad_column", Fault::Broken)),
        };
        match self.villages.get(&whose) {
            Some(village) => Ok(*village),
            None => place_of(asks, whose).await,
        }
    }
}

/// A person who is new lives nowhere yet.
fn known(place: Result<PlaceCode, Refusal>) -> Result<Option<PlaceCode>, Refusal> {
    match place {
        Ok(place) => Ok(Some(place)),
        Err(refusal) if refusal.fault == Fault::Missing => Ok(None),
        Err(refusal) => Err(refusal),
    }
}
