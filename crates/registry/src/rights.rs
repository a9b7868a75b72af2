//! Where an act is done, and who may do it there.

use std::collections::HashMap;

use kernel::{Actor, Fault, PlaceCode, Refusal};
use people::staff::Viewer;
use store::Reader;

use crate::acts::{Act, Distinct, Merge, Whose};
use crate::repo::{Asks, place_of};

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
    let village = place_of(asks, act.whose()).await?;
    Ok(office(act, village))
}

/// The office at which it is done: a review at the township, a decision and what leads to it at the county.
fn office(act: &Act, village: PlaceCode) -> PlaceCode {
    match act {
        Act::Review(_) | Act::Merge(_) | Act::Unmerge(_) | Act::Distinct(_) => village.township(),
        Act::Decide(_) | Act::Announce(_) | Act::Erase(_) => village.county().unwrap_or(village),
        Act::Register(new) if new.recognised_elsewhere => village.county().unwrap_or(village),
        _ => village,
    }
}

/// Where that is done which the acts so far write down, before any of it is kept.
#[derive(Default)]
struct Batch<'a>(HashMap<Whose<'a>, PlaceCode>);

impl<'a> Batch<'a> {
    async fn require(
        &mut self,
        asks: &mut impl Asks,
        viewer: &Viewer,
        act: &'a Act,
    ) -> Result<Actor, Refusal> {
        let village = self.village(asks, act.whose()).await?;
        let actor = viewer.require(act.action(), Some(office(act, village)))?;
        if let Some(other) = self.other_place(asks, act).await? {
            viewer.require(act.action(), Some(office(act, other)))?;
        }
        let mut made = |whose| self.0.insert(whose, village);
        match act {
            Act::Register(new) => {
                made(Whose::Household(new.household));
                for member in &new.members {
                    made(Whose::Person(member.person));
                }
            }
            Act::Join(join) => {
                made(Whose::Person(join.member.person));
            }
            Act::Apply(apply) => {
                made(Whose::Case(apply.case));
            }
            Act::Object(object) => {
                made(Whose::Objection(&object.key));
            }
            _ => {}
        }
        Ok(actor)
    }

    /// Where else an act reaches: the village a household moves to, the one a person comes from, and that of the other of a pair.
    async fn other_place(&self, asks: &mut impl Asks, act: &Act) -> Result<Option<PlaceCode>, Refusal> {
        match act {
            Act::Household(said) => Ok(said.facts.place),
            Act::Join(join) => known(self.village(asks, Whose::Person(join.member.person)).await),
            Act::Merge(Merge { keep: other, .. }) | Act::Distinct(Distinct { other, .. }) => {
                self.village(asks, Whose::Person(*other)).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn village(&self, asks: &mut impl Asks, whose: Whose<'_>) -> Result<PlaceCode, Refusal> {
        match self.0.get(&whose) {
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
