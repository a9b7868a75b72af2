//! Keeps what was heard and answered, and makes what goes out later: of what stands when it goes.

use dci::{AckStatus, Count, Header, NotifyData, NotifyEvent, NotifyEventRequest, Record};
use futures::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Ctx, args};
use webhooks::{NewMessage, Parcel};

use crate::asking::Entity;
use crate::desk::{Exchange, Kept, to_json};
use crate::model::{Kind, No, Partner};
use crate::records::Reader;
use crate::repo as sql;
use crate::search::REGISTRY;
use crate::subscriptions::{UPDATE, subscribe, unsubscribe};
use crate::taking::{Heard, Message, ack, duplicate};

/// The kind of the jobs that send messages to partners.
pub(crate) const JOB: &str = "dci.send";
/// The event of a message that tells what happened.
pub(crate) const NOTIFY: &str = "dci.notify";
/// So long it is kept what was heard and answered: longer than a signature stands and a message is tried.
const KEPT: SignedDuration = SignedDuration::from_hours(3 * 24);

/// A message that was heard before.
pub(crate) struct Before {
    pub id: String,
    pub received_at: Timestamp,
    pub kept: Option<Kept>,
}

/// What a message that waits holds: ids, and no name.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ToTell {
    pub subscription: String,
    pub household: String,
    pub persons: Vec<String>,
    pub at: String,
}

/// The header of an answer.
pub(crate) fn answer_header(kind: Kind, asked: &Header, partner: &Partner, now: Timestamp) -> Header {
    let total = asked.total_count.as_ref().and_then(Count::number);
    Header {
        version: Some("1.0.0".to_owned()),
        message_id: asked.message_id.clone(),
        message_ts: now.to_string(),
        action: kind.answer().to_owned(),
        status: Some("succ".to_owned()),
        total_count: total.map(Count::Number),
        completed_count: total.map(Count::Number),
        sender_id: Some(partner.receiver_id.clone()),
        receiver_id: Some(partner.sender_id.clone()),
        is_msg_encrypted: Some(false),
        ..Header::default()
    }
}

impl Exchange {
    /// The same message, where it was heard before.
    pub(crate) async fn before(
        &self,
        partner: &Partner,
        header: &Header,
        mark: &str,
    ) -> Result<Option<Before>, No> {
        let mut reader = self.store.read().await?;
        let asked = args![&partner.sender_id, &header.message_id];
        let Some(row) = reader.row(sql::MESSAGE_HEARD, asked).await? else {
            return Ok(None);
        };
        if row.text("content_mark")? != mark {
            return Err(duplicate());
        }
        let id = row.text("id")?;
        let kept = row.opt_text("sealed_answer")?;
        Ok(Some(Before {
            kept: kept.map(|sealed| self.sealer.open(&id, &sealed)).transpose()?,
            received_at: row.instant("received_at")?,
            id,
        }))
    }

    /// Keeps a message that was answered at once; the same again gets this answer. Where another came first, that one stays.
    pub(crate) async fn keep_answered(
        &self,
        id: &str,
        heard: &Heard,
        mark: String,
        kept: &Kept,
    ) -> Result<(), Refusal> {
        let row = Row::of(id, heard, mark, (None, Some(self.sealer.seal(id, kept)?)));
        let written = self.store.write(Actor::system(), move |ctx| {
            async move {
                row.insert(ctx).await?;
                Ok(())
            }
            .boxed()
        });
        written.await
    }

    /// Acknowledges a message, does what it changes, and answers it later.
    pub(crate) async fn answer_later(&self, kind: Kind, heard: Heard) -> Result<Value, No> {
        let mark = self.mark(&heard, "async");
        if let Some(before) = self.before(&heard.partner, &heard.header, &mark).await? {
            return Ok(ack(AckStatus::Ack, before.received_at, &before.id, None)?);
        }
        let url = reply_url(kind, &heard)?;
        let webhook = heard.partner.webhook.ok_or_else(no_callback)?;
        let (id, now) = (self.ids.next().to_string(), self.now());
        let sent = Kept {
            url: Some(url.clone()),
            header: heard.sent.0.clone(),
            message: heard.sent.1.clone(),
        };
        let row = Row::of(&id, &heard, mark, (Some(self.sealer.seal(&id, &sent)?), None));
        let header = to_json(&answer_header(kind, &heard.header, &heard.partner, now))?;
        let (key, sealer) = (id.clone(), self.sealer.clone());
        let written = self.store.write(Actor::system(), move |ctx| {
            async move {
                // Where another process heard it in this moment, that one does the rest.
                if !row.insert(ctx).await? {
                    return Ok(());
                }
                if let Some(message) = change(ctx, &heard, &key).await? {
                    let url = Some(url);
                    let answer = sealer.seal(&key, &Kept { url, header, message })?;
                    ctx.execute_one(sql::KEEP_ANSWER, args![&key, answer]).await?;
                }
                let new = NewMessage {
                    to: webhook,
                    id: &key,
                    event: &format!("dci.{}", kind.answer()),
                    body: "{}",
                    job: JOB,
                };
                webhooks::deliver(ctx, new).await.map(drop)
            }
            .boxed()
        });
        written.await?;
        Ok(ack(AckStatus::Ack, now, &id, None)?)
    }

    async fn keep_answer(&self, id: &str, kept: &Kept) -> Result<(), Refusal> {
        let (sealed, id) = (self.sealer.seal(id, kept)?, id.to_owned());
        let written = self.store.write(Actor::system(), move |ctx| {
            async move { ctx.execute(sql::KEEP_ANSWER, args![id, sealed]).await.map(drop) }.boxed()
        });
        written.await
    }

    /// What goes out for a message that waits: made now, signed now. None where there is nothing to say any more.
    pub(crate) async fn parcel(
        &self,
        event: &str,
        message_id: &str,
        body: &str,
    ) -> Result<Option<Parcel>, Refusal> {
        if event == NOTIFY {
            let Ok(tell) = serde_json::from_str::<ToTell>(body) else {
                return Ok(None);
            };
            return self.told(message_id, &tell).await;
        }
        let mut reader = self.store.read().await?;
        let Some(row) = reader.row(sql::MESSAGE, args![message_id]).await? else {
            return Ok(None);
        };
        drop(reader);
        let Some(partner) = self.partner(&row.text("sender_id")?).await? else {
            return Ok(None);
        };
        let kept = match (row.opt_text("sealed_answer")?, row.opt_text("sealed_request")?) {
            (Some(answer), _) => Some(self.sealer.open(message_id, &answer)?),
            (None, Some(request)) => {
                self.late_answer(&partner, message_id, &self.sealer.open(message_id, &request)?)
                    .await?
            }
            (None, None) => None,
        };
        Ok(kept.and_then(|kept| self.packed(&partner, kept)))
    }

    async fn late_answer(&self, partner: &Partner, id: &str, asked: &Kept) -> Result<Option<Kept>, Refusal> {
        let bad = |error: serde_json::Error| Refusal::broken("store.bad_json", &error);
        let header = Header::deserialize(&asked.header).map_err(bad)?;
        let kinds = [Kind::Search, Kind::TxnStatus];
        let Some(kind) = kinds.into_iter().find(|kind| kind.action() == header.action) else {
            return Ok(None);
        };
        let Some(message) = Message::of(kind, &asked.message) else {
            return Ok(None);
        };
        let reader = Reader {
            partner,
            request_id: None,
            address: None,
            is_signed: true,
        };
        let kept = Kept {
            url: asked.url.clone(),
            header: to_json(&answer_header(kind, &header, partner, self.now()))?,
            message: self.answer_to(reader, &message, id).await?,
        };
        self.keep_answer(id, &kept).await?;
        Ok(Some(kept))
    }

    fn packed(&self, partner: &Partner, kept: Kept) -> Option<Parcel> {
        let envelope = self.signed(&partner.receiver_id, &kept.header, &kept.message);
        kept.url.map(|url| Parcel {
            url,
            headers: Vec::new(),
            body: envelope.to_string(),
        })
    }

    /// Tells a partner what happened, by the records as they stand now.
    async fn told(&self, message_id: &str, tell: &ToTell) -> Result<Option<Parcel>, Refusal> {
        let mut reader = self.store.read().await?;
        let Some(row) = reader.row(sql::SUBSCRIPTION, args![&tell.subscription]).await? else {
            return Ok(None);
        };
        drop(reader);
        let Some(partner) = self.partner(&row.text("sender_id")?).await? else {
            return Ok(None);
        };
        let record_type = row.text("record_type")?;
        let records = self.records_to_tell(&partner, &record_type, tell).await?;
        let Some(callback) = partner.callback.clone().filter(|_| !records.is_empty()) else {
            return Ok(None);
        };
        let event = row.text("event")?;
        let events = records.into_iter().map(|record| NotifyEvent {
            reference_id: tell.subscription.clone(),
            timestamp: tell.at.clone(),
            data: NotifyData {
                version: Some("1.0.0".to_owned()),
                reg_type: Some(REGISTRY.to_owned()),
                // The schema has no word for a change.
                reg_event_type: (event != UPDATE).then(|| event.clone()),
                reg_record_type: record_type.clone(),
                reg_records: record,
            },
        });
        let message = NotifyEventRequest {
            transaction_id: message_id.to_owned(),
            notify_event: events.collect(),
        };
        let total = u64::try_from(message.notify_event.len()).ok().map(Count::Number);
        let header = Header {
            version: Some("1.0.0".to_owned()),
            message_id: message_id.to_owned(),
            message_ts: self.now().to_string(),
            action: "notify".to_owned(),
            status: Some("succ".to_owned()),
            total_count: total.clone(),
            completed_count: total,
            sender_id: Some(partner.receiver_id.clone()),
            receiver_id: Some(partner.sender_id.clone()),
            is_msg_encrypted: Some(false),
            ..Header::default()
        };
        let kept = Kept {
            url: Some(format!("{}/registry/notify", callback.trim_end_matches('/'))),
            header: to_json(&header)?,
            message: to_json(&message)?,
        };
        Ok(self.packed(&partner, kept))
    }

    async fn records_to_tell(
        &self,
        partner: &Partner,
        record_type: &str,
        tell: &ToTell,
    ) -> Result<Vec<Record>, Refusal> {
        let reader = Reader {
            partner,
            request_id: None,
            address: None,
            is_signed: true,
        };
        let measured = self.registry.measured_year(self.clock.today());
        let mut records = Vec::new();
        match Entity::of(Some(record_type)) {
            Some(Entity::Group) | None => {
                records.extend(self.group(reader, tell.household.parse()?, measured).await?);
            }
            Some(entity) => {
                for person in &tell.persons {
                    records.extend(self.person(reader, person.parse()?, (entity, measured)).await?);
                }
            }
        }
        Ok(records)
    }
}

/// Does what a message changes, and answers that; none where it only asks.
async fn change(ctx: &mut Ctx, heard: &Heard, id: &str) -> Result<Option<Value>, Refusal> {
    let partner = &heard.partner;
    Ok(match &heard.message {
        Message::Subscribe(asked) => Some(to_json(&subscribe(ctx, partner, asked, id).await?)?),
        Message::Unsubscribe(asked) => Some(to_json(&unsubscribe(ctx, partner, asked, id).await?)?),
        Message::Search(_) | Message::TxnStatus(_) => None,
    })
}

/// A message that was heard, as it is kept.
struct Row {
    args: Vec<store::Arg>,
    references: Vec<String>,
    id: String,
}

impl Row {
    fn of(
        id: &str,
        heard: &Heard,
        mark: String,
        (request, answer): (Option<String>, Option<String>),
    ) -> Self {
        let (transaction_id, _) = heard.message.measure();
        Self {
            args: args![
                id,
                &heard.partner.sender_id,
                &heard.header.message_id,
                mark,
                &heard.header.action,
                transaction_id,
                request,
                answer
            ],
            references: heard
                .message
                .references()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            id: id.to_owned(),
        }
    }

    /// Keeps it, and lets go of what is old; `false` where it was heard before.
    async fn insert(mut self, ctx: &mut Ctx) -> Result<bool, Refusal> {
        let now = ctx.now();
        let old = now.saturating_sub(KEPT).unwrap_or(now);
        ctx.execute(sql::SWEEP_REFERENCES, args![old]).await?;
        ctx.execute(sql::SWEEP_MESSAGES, args![old]).await?;
        self.args.extend(args![now]);
        if ctx.execute(sql::INSERT_MESSAGE, self.args).await? == 0 {
            return Ok(false);
        }
        for reference in self.references {
            ctx.execute(sql::INSERT_REFERENCE, args![&self.id, reference])
                .await?;
        }
        Ok(true)
    }
}

fn no_callback() -> No {
    No::turned(
        400,
        "err.sender_uri.invalid",
        "the partner has no address here to which an answer could go",
    )
}

/// Where the answer goes: the address the message names, which lies below the one of the partner, or the usual one there.
fn reply_url(kind: Kind, heard: &Heard) -> Result<String, No> {
    let callback = heard.partner.callback.as_deref().ok_or_else(no_callback)?;
    let base = callback.trim_end_matches('/');
    match heard.header.sender_uri.as_deref() {
        None | Some("") => Ok(format!("{base}{}", kind.path())),
        Some(uri) => {
            let below = uri
                .strip_prefix(base)
                .filter(|rest| rest.is_empty() || rest.starts_with('/'));
            let is_plain = below.is_some_and(|rest| !rest.contains("..") && !rest.contains('\\'));
            if is_plain {
                return Ok(uri.to_owned());
            }
            let why = "sender_uri does not lie below the partner's address";
            Err(No::turned(400, "err.sender_uri.invalid", why))
        }
    }
}
