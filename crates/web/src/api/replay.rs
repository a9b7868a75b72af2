//! A write that names an `Idempotency-Key` is carried out once: sent again, it gets the answer it got.
//!
//! The key is reserved before the work and gets its answer after it. Only answers of success are kept; after a refusal
//! the key is free again. Between the two, a crash leaves a reservation that ends after [`RESERVED`].

use axum::http::StatusCode;
use jiff::SignedDuration;
use kernel::{Actor, Fault, Refusal};
use people::staff::UserId;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{Store, args};

use super::problem::ApiError;
use super::repo;

/// So long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// So long a request may be under way: a large file over a slow line.
const RESERVED: SignedDuration = SignedDuration::from_hours(2);
/// The longest key.
pub(super) const KEY_CHARS_MAX: usize = 200;

/// A reservation: whose key.
#[derive(Clone, Debug)]
pub(super) struct Reservation {
    user: UserId,
    key: String,
}

/// What a key stands for.
pub(super) enum Seen {
    /// Nothing yet: it is ours now.
    New(Reservation),
    /// This request, with the answer it got.
    Before(StatusCode, Value),
}

/// What makes two requests the same: method, address and the SHA-256 of the body, in hexadecimal.
pub(super) fn fingerprint(method: &str, address: &str, body_sha256: &str) -> String {
    hex::encode(Sha256::digest(format!("{method}\n{address}\n{body_sha256}")))
}

/// Reserves a key, or finds what it stands for.
///
/// # Errors
/// `api.bad_idempotency_key`, `api.idempotency_conflict`, `api.still_answering`; what the store gave.
pub(super) async fn reserve(
    store: &Store,
    user: UserId,
    key: &str,
    fingerprint: String,
) -> Result<Seen, ApiError> {
    if key.is_empty() || key.len() > KEY_CHARS_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refusal::new("api.bad_idempotency_key", Fault::Refused)
            .at("Idempotency-Key")
            .value(key)
            .fact("max", KEY_CHARS_MAX)
            .into());
    }
    let reservation = Reservation {
        user,
        key: key.to_owned(),
    };
    let (mine, wanted) = (reservation.clone(), fingerprint.clone());
    let found = store
        .write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let now = ctx.now();
                let ago = |age| now.saturating_sub(age).unwrap_or(now);
                ctx.execute(repo::SWEEP, args![ago(KEPT), ago(RESERVED)]).await?;
                let row = args![mine.user.as_uuid(), &mine.key, wanted, now];
                if ctx.execute(repo::RESERVE, row).await? == 1 {
                    return Ok(None);
                }
                let row = ctx.row(repo::FIND, args![mine.user.as_uuid(), &mine.key]).await?;
                row.map(|row| {
                    Ok((
                        row.text("fingerprint")?,
                        row.opt_int("status")?,
                        row.opt_text("body")?,
                    ))
                })
                .transpose()
            })
        })
        .await
        .map_err(|refusal: Refusal| ApiError::from(refusal))?;
    let Some((before, status, body)) = found else {
        return Ok(Seen::New(reservation));
    };
    if before != fingerprint {
        let refusal = Refusal::new("api.idempotency_conflict", Fault::Refused);
        return Err(refusal.at("Idempotency-Key").value(key).into());
    }
    let status = status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    match (status, body.and_then(|body| serde_json::from_str(&body).ok())) {
        (Some(status), Some(body)) => Ok(Seen::Before(status, body)),
        _ => Err(ApiError::with_status(
            StatusCode::CONFLICT,
            Refusal::new("api.still_answering", Fault::Refused).at("Idempotency-Key"),
        )),
    }
}

/// Keeps the answer of a reserved key; without one, the key is free again.
///
/// # Errors
/// What the store gave.
pub(super) async fn settle(
    store: &Store,
    reservation: Reservation,
    answer: Option<(StatusCode, String)>,
) -> Result<(), Refusal> {
    store
        .write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let (user, key) = (reservation.user.as_uuid(), &reservation.key);
                match answer {
                    Some((status, body)) => {
                        let args = args![user, key, i64::from(status.as_u16()), body];
                        ctx.execute(repo::KEEP, args).await.map(drop)
                    }
                    None => ctx.execute(repo::RELEASE, args![user, key]).await.map(drop),
                }
            })
        })
        .await
}
