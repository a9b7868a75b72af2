//! A step of a case, as one of the forms of its page sends it.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use kernel::{Fault, Refusal};
use registry::{
    Act, Announce, Answer, Appraise, CaseLine, CaseState, Decide, Notice, Object, Review, Withdraw,
};

use super::case::{answer, of};
use super::{case_path, take as take_act};
use crate::Shared;
use crate::books::needed_day;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::multipart::{self, DOCUMENT_BYTES_MAX, Sent};
use crate::signed::Signed;
use crate::site::Site;

pub(super) async fn take(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    form: Multipart,
) -> Result<Response, WebError> {
    let found = of(&site, &signed, &id).await?;
    let act = match multipart::read(form, DOCUMENT_BYTES_MAX).await {
        Ok(sent) => act(&site, &found.case, sent).await,
        Err(refusal) => Err(refusal),
    };
    let taken = match act {
        Ok(act) => take_act(&site, &signed, act).await?,
        Err(refusal) if refusal.fault == Fault::Broken => return Err(refusal.into()),
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&case_path(found.case.id)))),
        Err(refusal) => {
            let found = of(&site, &signed, &id).await?;
            layout::refused(answer(&site, &signed, found, Some(&refusal)).await)
        }
    }
}

/// What a form asks for; its document is kept first.
async fn act(site: &Site, case: &CaseLine, sent: Sent) -> Result<Act, Refusal> {
    let typed = sent.fields.clone();
    let on = needed_day(typed.get("on"), "on")?;
    let (case_id, text) = (case.id, typed.get("text").trim().to_owned());
    Ok(match typed.get("act") {
        "appraise" => Act::Appraise(Appraise {
            case: case_id,
            on,
            eligible: count(&typed, "eligible")?,
            attended: count(&typed, "attended")?,
            in_favour: count(&typed, "in_favour")?,
            against: count(&typed, "against")?,
            document: sent.keep(site.store.documents()).await?,
        }),
        "notice" => Act::Notice(Notice {
            case: case_id,
            number: if case.state == CaseState::Reviewed { 2 } else { 1 },
            on,
            document: sent.keep(site.store.documents()).await?,
        }),
        "object" => Act::Object(Object {
            key: typed.get("key").to_owned(),
            case: case_id,
            on,
            text,
            document: None,
        }),
        "answer" => Act::Answer(Answer {
            objection: typed.get("objection").to_owned(),
            on,
            upheld: yes(&typed)?,
            text,
            document: None,
        }),
        "review" => Act::Review(Review {
            case: case_id,
            on,
            agreed: yes(&typed)?,
            reason: text,
        }),
        "decide" => Act::Decide(Decide {
            case: case_id,
            on,
            granted: yes(&typed)?,
            reason: text,
        }),
        "announce" => Act::Announce(Announce { case: case_id, on }),
        "withdraw" => Act::Withdraw(Withdraw {
            case: case_id,
            on,
            reason: text,
        }),
        other => {
            return Err(Refusal::new("registry.bad_word", Fault::Refused)
                .at("act")
                .value(other));
        }
    })
}

fn count(typed: &Fields, name: &'static str) -> Result<u32, Refusal> {
    let text = typed.get(name).trim();
    let bad = || {
        Refusal::new("registry.bad_count", Fault::Refused)
            .at(name)
            .value(text)
    };
    text.parse().map_err(|_| bad())
}

fn yes(typed: &Fields) -> Result<bool, Refusal> {
    match typed.get("choice") {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(Refusal::new("registry.bad_word", Fault::Refused)
            .at("choice")
            .value(other)),
    }
}
