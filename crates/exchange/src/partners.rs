//! Adding, changing and removing partners.

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Refusal};
use people::staff::Scope;
use serde_json::json;
use store::{Ctx, Fact, args};
use webhooks::Webhooks;

use crate::desk::Exchange;
use crate::model::NewPartner;
use crate::repo as sql;

/// The longest name of a partner, in bytes.
const NAME_MAX: usize = 99;

impl Exchange {
    /// Adds a partner, or changes the one of this name.
    ///
    /// # Errors
    /// `dci.bad_name`, `dci.bad_key`, `dci.bad_right`; `webhooks.bad_url`, `webhooks.address_refused`; what the store gives.
    pub async fn add_partner(
        &self,
        webhooks: &Webhooks,
        actor: Actor,
        new: NewPartner,
    ) -> Result<(), Refusal> {
        require_name("sender_id", &new.sender_id)?;
        require_name("receiver_id", &new.receiver_id)?;
        let key = dci::public_key(&new.public_key).ok_or_else(|| refused("dci.bad_key", "public_key"))?;
        let key = hex::encode(key);
        let rights = require_rights(&new.rights)?;
        let before = self.partner(&new.sender_id).await?;
        let webhook = match (&new.callback, before) {
            (None, _) => None,
            (Some(callback), Some(before)) if before.callback.as_ref() == Some(callback) => before.webhook,
            (Some(callback), _) => Some(webhooks.correspond(actor.clone(), callback).await?),
        };
        let head = self.store.facts_head().await?.map_or(0, |head| head.seq);
        let added = self.store.write(actor, move |ctx| {
            async move {
                ctx.execute(sql::START_CURSOR, args![head]).await?;
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let row = args![
                    &new.sender_id,
                    new.receiver_id,
                    key,
                    &rights,
                    new.place,
                    new.purpose.map(registry::Purpose::as_str),
                    new.callback,
                    webhook.map(|id| id.as_uuid()),
                    now,
                    by
                ];
                ctx.execute_one(sql::SET_PARTNER, row).await?;
                let body = json!({ "partner": new.sender_id, "rights": rights, "purpose": new.purpose });
                record(ctx, "dci.partner_added", new.place, body).await
            }
            .boxed()
        });
        added.await
    }

    /// Removes a partner: it is heard and told no more. `Already` says that there is none.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn remove_partner(
        &self,
        webhooks: &Webhooks,
        actor: Actor,
        sender_id: &str,
    ) -> Result<Done<()>, Refusal> {
        let Some(partner) = self.partner(sender_id).await? else {
            return Ok(Done::Already(()));
        };
        if let Some(webhook) = partner.webhook {
            let _now_or_already: Done<()> = webhooks.remove(actor.clone(), webhook).await?;
        }
        let removed = self.store.write(actor, move |ctx| {
            async move {
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let name = &partner.sender_id;
                if ctx.execute(sql::REMOVE_PARTNER, args![name, now, by]).await? == 0 {
                    return Ok(Done::Already(()));
                }
                ctx.execute(sql::END_SUBSCRIPTIONS, args![name, now]).await?;
                record(
                    ctx,
                    "dci.partner_removed",
                    partner.place,
                    json!({ "partner": name }),
                )
                .await?;
                Ok(Done::Now(()))
            }
            .boxed()
        });
        removed.await
    }
}

pub(crate) async fn record(
    ctx: &mut Ctx,
    kind: &'static str,
    place: Option<kernel::PlaceCode>,
    body: serde_json::Value,
) -> Result<(), Refusal> {
    let fact = Fact {
        kind,
        place,
        amount: None,
        evidence: Vec::new(),
        body,
    };
    ctx.record(fact).await.map(drop)
}

fn refused(code: &'static str, at: &str) -> Refusal {
    Refusal::new(code, Fault::Refused).at(at)
}

/// Part of a signature, so without what ends a part there.
fn require_name(at: &str, name: &str) -> Result<(), Refusal> {
    let is_name = (1..=NAME_MAX).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'|' | b'"' | b','));
    if is_name {
        return Ok(());
    }
    Err(refused("dci.bad_name", at).value(name).fact("max", NAME_MAX))
}

fn require_rights(rights: &[Scope]) -> Result<String, Refusal> {
    let known = [Scope::ReadRegistry, Scope::RevealPersons];
    let words = known.map(Scope::as_str).join(", ");
    if let Some(other) = rights.iter().find(|right| !known.contains(right)) {
        return Err(refused("dci.bad_right", "rights")
            .value(other)
            .fact("rights", words));
    }
    if !rights.contains(&Scope::ReadRegistry) {
        return Err(refused("dci.bad_right", "rights").value("").fact("rights", words));
    }
    let held = known.iter().filter(|right| rights.contains(right));
    Ok(held.map(|right| right.as_str()).collect::<Vec<_>>().join(" "))
}
