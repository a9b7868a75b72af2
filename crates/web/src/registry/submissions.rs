//! What phones sent by OpenRosa: a list, and each that was not taken, in the form it can be corrected in.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use people::staff::{Action, AuditEntry, Outcome};
use registry::{HouseholdId, SubmissionLine, SubmissionPage, SubmissionState};

use super::register::{SentView, correct};
use super::{found, household_path, registry, village_words};
use crate::Shared;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout::{self, Crumb};
use crate::openrosa;
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

const LIST: &str = "/staff/registry/submissions";

struct RowView {
    received: String,
    village: String,
    state: String,
    tone: &'static str,
    /// Where one goes from here.
    href: String,
    instance: String,
}

#[derive(Template)]
#[template(path = "registry/submissions.html")]
struct IndexPage {
    page: Page,
    crumbs: Vec<Crumb>,
    rows: Vec<RowView>,
    openrosa_url: String,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let seen = signed.viewer.places(Action::ViewRegistry);
    let lines = registry(&site)?.submissions(&seen).await?;
    let page = signed.page.clone();
    layout::html(&IndexPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
            Crumb::new(page.here(), page.w.get("submissions.title")),
        ],
        rows: lines.iter().map(|line| row(&site, line, &page)).collect(),
        openrosa_url: site.front.here("/openrosa"),
        page,
    })
}

fn row(site: &Site, line: &SubmissionLine, page: &Page) -> RowView {
    let (tone, path) = match line.state {
        SubmissionState::Taken | SubmissionState::Corrected => ("good", household_path(line.household)),
        SubmissionState::Waits => ("bad", format!("{LIST}/{}", line.household)),
        SubmissionState::SetAside => ("", format!("{LIST}/{}", line.household)),
    };
    RowView {
        received: kernel::day_in_china(line.received_at).to_string(),
        village: village_words(site, line.place, page),
        state: page.w.get(&format!("submission_state.{}", line.state)).to_owned(),
        tone,
        href: page.href(&path),
        instance: line.instance_id.clone(),
    }
}

/// One that was not taken, with everything that was answered; that it was looked at is noted in the audit log.
pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let submission = of(&site, &signed, &id, Action::RevealPersons).await?;
    let entry = AuditEntry {
        user: Some(signed.user),
        action: Action::RevealPersons.as_str(),
        subject: Some(submission.line.household.to_string()),
        place: Some(submission.line.place),
        outcome: Outcome::Allowed,
        request_id: Some(signed.page.request_id.clone()),
        address: signed.address.clone(),
    };
    site.staff.note(entry).await;
    let (page, line) = (&signed.page, &submission.line);
    let aside_href = match line.state {
        SubmissionState::Waits => page.href(&format!("{LIST}/{}/disposal", line.household)),
        SubmissionState::Taken | SubmissionState::Corrected | SubmissionState::SetAside => String::new(),
    };
    let typed = typed(&site, &submission)?;
    let reasons = submission.reasons.iter();
    let sent = SentView {
        reasons: reasons
            .map(|reason| reason.text.get(page.lang).to_owned())
            .collect(),
        files: submission.files.join(page.w.get("registry.and")),
        xml: submission.xml,
        aside_href,
    };
    correct(&site, &signed, &typed, sent)
}

/// What was answered, in the fields of the form; nothing but the key where it does not keep to its form.
fn typed(site: &Site, submission: &SubmissionPage) -> Result<Fields, WebError> {
    let household = submission.line.household;
    let line = &submission.line;
    let form = openrosa::skeleton(site, &line.form_id, &line.form_version)?;
    Ok(match forms::read_submission(submission.xml.as_bytes(), &form) {
        Ok(filled) => openrosa::typed(&form, &filled.values, household),
        Err(_) => Fields::of(&[("key", &household.to_string())]),
    })
}

/// It is not going to be corrected: a trial, or a household that was registered in another way.
pub(super) async fn set_aside(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let submission = of(&site, &signed, &id, Action::KeepRegistry).await?;
    let actor = signed.require(Action::KeepRegistry, Some(submission.line.place))?;
    let household = submission.line.household;
    registry(&site)?.set_submission_aside(actor, household).await?;
    Ok(layout::see_other(signed.page.href(LIST)))
}

/// One of the places where someone may do something.
async fn of(site: &Site, signed: &Signed, id: &str, action: Action) -> Result<SubmissionPage, WebError> {
    let household: HouseholdId = id.parse().map_err(|_| WebError::missing())?;
    let seen = signed.viewer.places(action);
    found(registry(site)?.submission(&seen, household).await)
}
