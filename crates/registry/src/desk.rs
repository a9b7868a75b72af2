//! The desk of the registry: acts are taken in, one or many, each once.

use std::sync::Arc;

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Refusal, SecretSource};
use programme::RuleBook;
use serde_json::Value;
use store::{Ctx, Evidence, Fact, Keyring, Store, args};
use uuid::{Builder, Uuid};

use crate::acts::Act;
use crate::repo as sql;
use crate::rights::place_of_act;
use crate::vault::head;

/// The most acts of one transaction.
pub const ACTS_MAX: usize = 2_000;

/// What commands need besides their transaction: the keys, and the rules of the programme.
#[derive(Clone)]
pub(crate) struct Desk {
    pub keyring: Keyring,
    pub secrets: Arc<dyn SecretSource>,
    pub rules: Arc<RuleBook>,
}

/// Where the registry is kept.
#[derive(Clone)]
pub struct Registry {
    pub(crate) store: Store,
    pub(crate) desk: Desk,
}

impl Registry {
    /// The registry of a store, by the rules of a programme.
    #[must_use]
    pub fn new(store: Store, keyring: Keyring, secrets: Arc<dyn SecretSource>, rules: Arc<RuleBook>) -> Self {
        let desk = Desk {
            keyring,
            secrets,
            rules,
        };
        Self { store, desk }
    }

    /// The rules it decides by.
    #[must_use]
    pub fn rules(&self) -> &RuleBook {
        &self.desk.rules
    }

    /// An id that is the same for the same thing of a file, and says nothing of it to whoever has no key.
    #[must_use]
    pub fn derived_id(&self, what: &str) -> Uuid {
        Builder::from_custom_bytes(head(&self.desk.keyring.mark("imported-id", what))).into_uuid()
    }

    /// Takes one act. The same again is `Already`.
    ///
    /// # Errors
    /// As [`Registry::take_all`], without the number.
    pub async fn take(&self, actor: Actor, act: Act) -> Result<Done<()>, Refusal> {
        self.require_documents(std::slice::from_ref(&act)).await?;
        let desk = self.desk.clone();
        let taken = self.store.write(actor, move |ctx| {
            async move { take(&desk, ctx, &act).await }.boxed()
        });
        taken.await
    }

    /// Takes acts in their order, all of them or none. Whether the actor may is asked before, by [`crate::require`].
    ///
    /// # Errors
    /// The first that is broken, as `NUMBER.FIELD` from 1: the rules of [`Act`], `registry.key_taken`,
    /// `registry.no_such_document`, `registry.too_many_acts`; what the store gives.
    pub async fn take_all(&self, actor: Actor, acts: Vec<Act>) -> Result<Vec<Done<()>>, Refusal> {
        if acts.len() > ACTS_MAX {
            let refusal = Refusal::new("registry.too_many_acts", Fault::Refused);
            return Err(refusal.value(acts.len()).fact("max", ACTS_MAX));
        }
        self.require_documents(&acts).await?;
        let desk = self.desk.clone();
        let taken = self.store.write(actor, move |ctx| {
            async move {
                let mut answers = Vec::with_capacity(acts.len());
                for (act, number) in acts.iter().zip(1_usize..) {
                    let answer = take(&desk, ctx, act).await;
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
        for (act, number) in acts.iter().zip(1_usize..) {
            let Some(sha256) = act.document() else { continue };
            if !self.store.documents().is_kept(sha256).await? {
                let refusal = Refusal::new("registry.no_such_document", Fault::Refused);
                return Err(refusal.at("document").value(sha256).under(number));
            }
        }
        Ok(())
    }
}

/// Takes an act in the transaction of a command: known by its identity, held against the rules, kept, and told to the journal
/// without anything that names a person.
pub(crate) async fn take(desk: &Desk, ctx: &mut Ctx, act: &Act) -> Result<Done<()>, Refusal> {
    let identity = act.identity();
    let bad_json = |error| Refusal::broken("store.bad_json", &error);
    let json = serde_json::to_string(act).map_err(bad_json)?;
    // A keyed mark and not a hash: whoever holds a copy of the database could try the numbers of a person against a hash.
    let mark = desk.keyring.mark("act", &json);
    if let Some(row) = ctx.row(sql::ACT, args![&identity]).await? {
        if row.text("content_mark")? == mark {
            return Ok(Done::Already(()));
        }
        let refusal = Refusal::new("registry.key_taken", Fault::Refused);
        return Err(refusal.at("key").value(identity));
    }
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    ctx.execute_one(sql::INSERT_ACT, args![&identity, mark, now, by])
        .await?;
    act.carry_out(desk, ctx).await?;
    let mut body = serde_json::to_value(act).map_err(bad_json)?;
    forget_personal(&mut body);
    let fact = Fact {
        kind: act.fact_kind(),
        place: Some(place_of_act(ctx, act).await?),
        amount: None,
        evidence: act
            .document()
            .map(|sha256| Evidence::Document {
                sha256: sha256.to_owned(),
            })
            .into_iter()
            .collect(),
        body,
    };
    ctx.record(fact).await?;
    Ok(Done::Now(()))
}

/// Leaves of `personal` the names of what was said.
fn forget_personal(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::Object(said) if name == "personal" => {
                        *inner = said.keys().cloned().map(Value::String).collect();
                    }
                    other => forget_personal(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forget_personal),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
