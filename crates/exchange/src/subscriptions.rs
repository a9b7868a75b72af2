//! Who is told of what, at which place.

use dci::{
    SubscribeAnswer, SubscribeItem, SubscribeRequest, SubscribeResponse, SubscriptionEnd, SubscriptionInfo,
    UnSubscribeRequest, UnSubscribeResponse,
};
use jiff::Timestamp;
use kernel::{PlaceCode, Refusal};
use registry::ToldEvent;
use serde_json::json;
use store::{Ctx, args};

use crate::asking::{Entity, place};
use crate::model::{Partner, Rejection};
use crate::partners::record;
use crate::repo as sql;

/// A household was written down.
pub(crate) const REGISTER: &str = "REGISTER";
/// Someone became a member.
pub(crate) const NEW_MEMBER: &str = "NewHouseHoldMember";
/// Something changed.
pub(crate) const UPDATE: &str = "UPDATE";

/// The event by which partners know what happened.
pub(crate) fn event_of(event: ToldEvent) -> &'static str {
    match event {
        ToldEvent::Registered => REGISTER,
        ToldEvent::Joined => NEW_MEMBER,
        ToldEvent::Changed => UPDATE,
    }
}

/// A subscription that can be made.
struct Wanted {
    event: &'static str,
    entity: Entity,
    place: Option<PlaceCode>,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
}

/// Makes each subscription of a message; one that cannot be made says why.
pub(crate) async fn subscribe(
    ctx: &mut Ctx,
    partner: &Partner,
    asked: &SubscribeRequest,
    correlation_id: &str,
) -> Result<SubscribeResponse, Refusal> {
    let mut answers = Vec::with_capacity(asked.subscribe_request.len());
    for item in &asked.subscribe_request {
        let made = match wanted(item, partner, ctx.now()) {
            Ok(wanted) => make(ctx, partner, &wanted).await?,
            Err(rejection) => Err(rejection),
        };
        let answer = SubscribeAnswer {
            reference_id: item.reference_id.clone(),
            timestamp: ctx.now().to_string(),
            status: if made.is_ok() { "succ" } else { "rjct" }.to_owned(),
            status_reason_code: made.as_ref().err().map(|no| no.code.to_owned()),
            status_reason_message: made.as_ref().err().map(|no| no.why.clone()),
            subscriptions: made.ok().map(|info| vec![info]),
        };
        answers.push(answer);
    }
    Ok(SubscribeResponse {
        transaction_id: asked.transaction_id.clone(),
        correlation_id: correlation_id.to_owned(),
        subscribe_response: answers,
    })
}

async fn make(
    ctx: &mut Ctx,
    partner: &Partner,
    wanted: &Wanted,
) -> Result<Result<SubscriptionInfo, Rejection>, Refusal> {
    let now = ctx.now();
    let (event, entity) = (wanted.event, wanted.entity.as_str());
    let same = args![&partner.sender_id, event, entity, wanted.place, now];
    if let Some(row) = ctx.row(sql::SAME_SUBSCRIPTION, same).await? {
        let why = format!("this is told already, by subscription {}", row.text("code")?);
        return Ok(Err(Rejection::new("rjct.event.already_subscribed", why)));
    }
    let code = ctx.new_id();
    let row = args![
        code,
        &partner.sender_id,
        event,
        entity,
        wanted.place,
        wanted.starts_at,
        wanted.ends_at,
        now
    ];
    ctx.execute_one(sql::INSERT_SUBSCRIPTION, row).await?;
    let body = json!({ "partner": partner.sender_id, "subscription": code, "event": event });
    record(ctx, "dci.subscribed", wanted.place, body).await?;
    Ok(Ok(SubscriptionInfo {
        code: code.to_string(),
        status: "subscribe".to_owned(),
        timestamp: now.to_string(),
        reg_event_type: Some(event.to_owned()),
        notify_record_type: Some(entity.to_owned()),
    }))
}

/// Ends subscriptions of the partner.
pub(crate) async fn unsubscribe(
    ctx: &mut Ctx,
    partner: &Partner,
    asked: &UnSubscribeRequest,
    correlation_id: &str,
) -> Result<UnSubscribeResponse, Refusal> {
    let (mut ended, now) = (Vec::new(), ctx.now());
    for code in &asked.subscription_codes {
        if ctx
            .execute(sql::END_SUBSCRIPTION, args![code, &partner.sender_id, now])
            .await?
            == 0
        {
            continue;
        }
        let body = json!({ "partner": partner.sender_id, "subscription": code });
        record(ctx, "dci.unsubscribed", partner.place, body).await?;
        ended.push(SubscriptionEnd {
            code: code.clone(),
            status: "unsubscribe".to_owned(),
        });
    }
    let is_done = ended.len() == asked.subscription_codes.len();
    Ok(UnSubscribeResponse {
        transaction_id: asked.transaction_id.clone(),
        correlation_id: correlation_id.to_owned(),
        timestamp: now.to_string(),
        status: if is_done { "succ" } else { "rjct" }.to_owned(),
        status_reason_code: (!is_done).then(|| "rjct.subscription_code.invalid".to_owned()),
        status_reason_message: (!is_done)
            .then(|| "a code is none of the partner's, or was ended before".to_owned()),
        subscription_status: Some(ended),
    })
}

/// What is wanted, within what the partner may see.
fn wanted(item: &SubscribeItem, partner: &Partner, now: Timestamp) -> Result<Wanted, Rejection> {
    let criteria = &item.subscribe_criteria;
    let event = criteria.reg_event_type.rsplit(':').next().unwrap_or_default();
    let known = [REGISTER, NEW_MEMBER, UPDATE];
    let event = known
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(event))
        .ok_or_else(|| {
            let why = format!("the events are {}", known.join(", "));
            Rejection::new("rjct.notify_types.invalid", why)
        })?;
    let details = |why: &str| Rejection::new("rjct.notify_details.invalid", why);
    let entity = Entity::of(Some(&criteria.notify_record_type));
    let entity = entity.ok_or_else(|| details("notify_record_type is Group, Member or Person"))?;
    let instant = |text: &str| {
        let parsed = text.parse::<Timestamp>();
        parsed.map_err(|_| {
            Rejection::new(
                "rjct.timestamp.invalid",
                "a time is an instant with its time zone",
            )
        })
    };
    let span = criteria.frequency.as_ref();
    let starts_at = span
        .map(|span| instant(&span.start_time))
        .transpose()?
        .unwrap_or(now);
    let ends_at = span.map(|span| instant(&span.end_time)).transpose()?;
    let comparisons = criteria
        .filter
        .comparisons()
        .map_err(|fault| details(&fault.to_string()))?;
    let mut at = partner.place;
    for one in &comparisons {
        let is_place = matches!(one.attribute.as_str(), "place" | "place_code" | "location");
        let code = one
            .value
            .as_str()
            .filter(|_| is_place && one.operator == dci::Operator::Eq);
        let within = code.and_then(|code| place(code, at));
        at =
            Some(within.ok_or_else(|| details("the filter is a place at which the partner may ask, by eq"))?);
    }
    Ok(Wanted {
        event,
        entity,
        place: at,
        starts_at,
        ends_at,
    })
}
