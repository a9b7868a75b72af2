//! What was said of payments, in words; and the decision on what names no payment of ours.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use finance::payments::{Decision, LineId, Saying, SayingId};
use kernel::{Fault, Refusal, catalogue};

use super::{answers, line_path, require_settling};
use crate::Shared;
use crate::books::yuan;
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::page::Page;
use crate::signed::Signed;

/// The reasons of ISO 20022 that have words here; any other is shown by its code.
const REASONS: [&str; 11] = [
    "AC01", "AC03", "AC04", "AC06", "AG01", "AM04", "AM05", "BE01", "MD07", "MS03", "RC01",
];

/// A saying as a page shows it.
pub(super) struct SayingView {
    pub id: String,
    pub source: String,
    pub says: String,
    pub tone: &'static str,
    /// The bank's code and words, or what the receipt says.
    pub words: String,
    /// What it names: a reference or an account.
    pub names: String,
    pub amount: String,
    pub day: String,
    pub at: String,
    /// The payment it was given to, and by what.
    pub line_href: String,
    pub matched: String,
    /// Why it waits for a person, or why it is nobody's.
    pub trouble: String,
    /// The file it came in, where that is a bank's.
    pub file_href: String,
}

pub(super) fn saying_view(one: &Saying, names: &Names, page: &Page) -> SayingView {
    let code = one.code.as_deref().map(|code| reason_words(code, page));
    let witness = one.witness.as_deref();
    let mut words: Vec<String> = vec![code.unwrap_or_default(), one.text.clone()];
    if let (Some(witness), Some(number)) = (witness, &one.bank_reference) {
        let said = [("number", number.as_str()), ("name", &names.get(witness))];
        words.push(page.w.fill("payments.receipt_of", &said));
    }
    words.retain(|word| !word.is_empty());
    let tone = match one.says.as_str() {
        "paid" | "settled" | "accepted" => "good",
        "pending" => "open",
        _ => "bad",
    };
    SayingView {
        id: one.id.to_string(),
        source: page.w.get(&format!("said_by.{}", one.source.as_str())).to_owned(),
        says: page.w.get(&format!("says.{}", one.says.as_str())).to_owned(),
        tone,
        words: words.join(" "),
        names: one
            .reference
            .clone()
            .or_else(|| one.account.clone())
            .unwrap_or_default(),
        amount: one.amount.map_or_else(String::new, yuan),
        day: one.booked_on.clone().unwrap_or_default(),
        at: instant(one.taken_at),
        line_href: one.line.map_or_else(String::new, |id| page.href(&line_path(id))),
        matched: one.matched_by.map_or_else(String::new, |by| {
            page.w.get(&format!("matched.{}", by.as_str())).to_owned()
        }),
        trouble: match (&one.closed_note, &one.trouble) {
            (Some(note), _) => page.w.fill("payments.nobodys", &[("reason", note)]),
            (None, Some(code)) => catalogue::say(code, page.lang),
            (None, None) => String::new(),
        },
        file_href: if witness.is_none() {
            page.href(&format!("/staff/payments/answers/{}", one.file_sha256))
        } else {
            String::new()
        },
    }
}

/// Why a bank did not pay, or paid back: in words with its code, by which the bank knows it.
fn reason_words(code: &str, page: &Page) -> String {
    if !REASONS.contains(&code) {
        return code.to_owned();
    }
    let key = format!("reason.{code}");
    let words = page.w.get(&key);
    page.w
        .fill("payments.reason_of", &[("words", words), ("code", code)])
}

/// Gives an open saying to a payment, or closes it.
pub(super) async fn settle(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = require_settling(&signed)?;
    let id: SayingId = id.parse().map_err(|_| WebError::missing())?;
    let settled = match decision(&Fields::parse(&body)) {
        Ok(decision) => site.payments.settle(actor, id, decision).await.map(drop),
        Err(refusal) => Err(refusal),
    };
    match settled {
        Ok(()) => Ok(layout::see_other(signed.page.href("/staff/payments/answers"))),
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => answers::refused(&site, &signed, &refusal).await,
    }
}

/// A payment's id decides before a reason: whose money it is, is known then.
fn decision(typed: &Fields) -> Result<Decision, Refusal> {
    let line = typed.get("line").trim();
    // The address of a payment's page may be put in as it was copied.
    let line = line.rsplit('/').next().unwrap_or_default();
    if line.is_empty() {
        return Ok(Decision::Nobody {
            reason: typed.get("reason").to_owned(),
        });
    }
    Ok(Decision::Line(line.parse::<LineId>()?))
}
