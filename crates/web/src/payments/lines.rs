//! Payments that are added to a draft: one that is typed, or a CSV file of them.

use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use finance::payments::{self, BatchWithLines, NewLine, TypedLine};
use kernel::{Actor, Done, Fault, Refusal};
use people::staff::Action;

use super::batch::{Refused, refused};
use super::{batch_of, path_of};
use crate::Shared;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::multipart;
use crate::signed::Signed;
use crate::site::Site;

/// The largest file, in bytes.
pub(super) const FILE_BYTES_MAX: usize = 8 << 20;

/// Adds a payment.
pub(super) async fn add(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let (found, actor) = preparer(&site, &signed, &id).await?;
    let typed = Fields::parse(&body);
    let added = match typed_line(&typed) {
        Ok(line) => add_all(&site, actor, &found, vec![line]).await?.map_err(at_field),
        Err(refusal) => Err(refusal),
    };
    match added {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&path_of(found.batch.id)))),
        Err(refusal) => {
            let why = Refused {
                typed,
                refusal,
                of_line: true,
            };
            refused(&site, &signed, &found, why).await
        }
    }
}

/// Adds the payments of a CSV file, all of them or none.
pub(super) async fn take(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    form: Multipart,
) -> Result<Response, WebError> {
    let (found, actor) = preparer(&site, &signed, &id).await?;
    let read = match multipart::read(form, FILE_BYTES_MAX).await {
        Ok(sent) => payments::read_lines(&sent.into_file()),
        Err(refusal) => Err(refusal),
    };
    let added = match read {
        Ok(lines) => add_all(&site, actor, &found, lines)
            .await?
            .map_err(payments::in_rows),
        Err(refusal) => Err(refusal),
    };
    match added {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&path_of(found.batch.id)))),
        Err(refusal) => {
            let why = Refused {
                typed: Fields::default(),
                refusal,
                of_line: false,
            };
            refused(&site, &signed, &found, why).await
        }
    }
}

async fn preparer(site: &Site, signed: &Signed, id: &str) -> Result<(BatchWithLines, Actor), WebError> {
    let found = batch_of(site, signed, id).await?;
    let actor = signed.require_at(Action::PreparePayments, found.batch.place)?;
    Ok((found, actor))
}

/// What is refused is the inner answer; that something broke is the outer one.
async fn add_all(
    site: &Site,
    actor: Actor,
    found: &BatchWithLines,
    lines: Vec<NewLine>,
) -> Result<Result<Done<usize>, Refusal>, WebError> {
    match site.payments.add_lines(actor, found.batch.id, lines).await {
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        added => Ok(added),
    }
}

fn typed_line(typed: &Fields) -> Result<NewLine, Refusal> {
    let text = |name| typed.get(name).trim();
    let line = TypedLine {
        key: text("key"),
        payee: text("payee"),
        account: text("account"),
        bank: text("bank"),
        amount: text("amount"),
        purpose: text("purpose"),
        text: text("text"),
        charge: text("charge"),
    };
    line.line()
}

/// There is one payment in the form, so a refusal that counts payments means a field of it.
fn at_field(refusal: Refusal) -> Refusal {
    let field = match refusal.at.as_deref().and_then(|at| at.strip_prefix("1.")) {
        Some("remittance") => "text",
        Some(field) => field,
        None => return refusal,
    };
    let field = field.to_owned();
    refusal.at(field)
}
