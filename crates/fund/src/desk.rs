//! The desk of the fund: acts are taken in, one or many, each once.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Refusal};
use people::staff::Viewer;
use store::{Ctx, Evidence, Fact, Reader, Store, args};

use crate::acts::Act;
use crate::queries::place_of_act;
use crate::repo as sql;
use crate::rules::{content, refused};

/// The most acts of one transaction.
pub const ACTS_MAX: usize = 2_000;

/// Where the fund is kept.
#[derive(Clone)]
pub struct Fund {
    store: Store,
}

impl Fund {
    /// The fund of a store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Takes one act. The same again is `Already`.
    ///
    /// # Errors
    /// As [`Fund::take_all`], without the number.
    pub async fn take(&self, actor: Actor, act: Act) -> Result<Done<()>, Refusal> {
        self.require_documents(std::slice::from_ref(&act)).await?;
        let taken = self
            .store
            .write(actor, move |ctx| async move { take(ctx, &act).await }.boxed());
        taken.await
    }

    /// Takes acts in their order, all of them or none. Whether the actor may is asked before, by [`Act::action`].
    ///
    /// # Errors
    /// The first that is broken, as `NUMBER.FIELD` from 1: the rules of [`Act`], what the books refuse, `fund.key_taken`,
    /// `fund.no_such_document`, `fund.too_many_acts`; what the store gives.
    pub async fn take_all(&self, actor: Actor, acts: Vec<Act>) -> Result<Vec<Done<()>>, Refusal> {
        if acts.len() > ACTS_MAX {
            let refusal = Refusal::new("fund.too_many_acts", Fault::Refused);
            return Err(refusal.value(acts.len()).fact("max", ACTS_MAX));
        }
        self.require_documents(&acts).await?;
        let taken = self.store.write(actor, move |ctx| {
            async move {
                let mut answers = Vec::with_capacity(acts.len());
                for (act, number) in acts.iter().zip(1_usize..) {
                    let answer = take(ctx, act).await;
                    answers.push(answer.map_err(|refusal| refusal.under(number))?);
                }
                Ok(answers)
            }
            .boxed()
        });
        taken.await
    }

    /// What proves an act is a document of the store, kept before the act is taken.
    async fn require_documents(&self, acts: &[Act]) -> Result<(), Refusal> {
        let mut known = BTreeSet::new();
        for (act, number) in acts.iter().zip(1_usize..) {
            for sha256 in act.documents() {
                if known.contains(sha256) {
                    continue;
                }
                if !self.store.documents().is_kept(sha256).await? {
                    let refusal = refused("fund.no_such_document", "document").value(sha256);
                    return Err(refusal.under(number));
                }
                known.insert(sha256);
            }
        }
        Ok(())
    }
}

/// Takes an act in the transaction of a command: known by its identity, held against the rules, kept, and told to the journal.
async fn take(ctx: &mut Ctx, act: &Act) -> Result<Done<()>, Refusal> {
    let (identity, hash) = (act.identity(), content(act)?);
    if let Some(row) = ctx.row(sql::ACT, args![&identity]).await? {
        if row.text("content_sha256")? == hash {
            return Ok(Done::Already(()));
        }
        return Err(refused("fund.key_taken", "key").value(identity));
    }
    act.carry_out(ctx).await?;
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    ctx.execute_one(sql::INSERT_ACT, args![&identity, hash, now, by])
        .await?;
    let documents = act.documents().into_iter();
    let fact = Fact {
        kind: act.fact_kind(),
        place: act.place(),
        amount: act.amount(),
        evidence: documents
            .map(|sha256| Evidence::Document {
                sha256: sha256.to_owned(),
            })
            .collect(),
        body: serde_json::to_value(act).map_err(|error| Refusal::broken("store.bad_json", &error))?,
    };
    ctx.record(fact).await?;
    Ok(Done::Now(()))
}

/// Who does an act where it is done, or in the whole country where that is no place.
///
/// # Errors
/// `staff.sign_in_required`, `staff.denied`; as [`place_of_act`].
pub async fn require(reader: &mut Reader, viewer: &Viewer, act: &Act) -> Result<Actor, Refusal> {
    match place_of_act(reader, act).await? {
        Some(place) => viewer.require(act.action(), Some(place)),
        None => viewer.require_everywhere(act.action()),
    }
}
