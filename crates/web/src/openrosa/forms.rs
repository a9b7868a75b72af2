//! Which forms there are, and each of them.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use forms::XForm;
use kernel::{Fault, Refusal};
use md5::{Digest as _, Md5};

use super::xml;
use crate::Shared;
use crate::error::WebError;
use crate::page::Page;
use crate::site::Site;

struct FormView<'a> {
    form: &'a XForm,
    /// MD5, by which the protocol knows whether a form has changed; nothing rests on it.
    hash: String,
    href: String,
}

#[derive(Template)]
#[template(path = "openrosa/form_list.xml")]
struct FormList<'a> {
    forms: Vec<FormView<'a>>,
    is_verbose: bool,
    description: &'a str,
}

#[derive(Template)]
#[template(path = "openrosa/manifest.xml")]
struct Manifest;

/// The forms of the programme; with `formID` that one only, with `verbose` each with its description.
pub(super) async fn index(
    State(site): State<Shared>,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let wanted = page.param("formID");
    let origin = site.front.origin(&headers);
    let view = |form| FormView {
        hash: hex::encode(Md5::digest(form_bytes(form))),
        href: format!("{origin}{}", page.href(&format!("/openrosa/forms/{}", form.id))),
        form,
    };
    let forms = site.programme.forms.iter();
    xml(&FormList {
        forms: forms
            .filter(|form| wanted.is_empty() || form.id == wanted)
            .map(view)
            .collect(),
        is_verbose: page.param("verbose") == "true",
        description: site.programme.head.title.get(page.lang),
    })
}

/// A form of the programme.
pub(super) async fn show(State(site): State<Shared>, Path(id): Path<String>) -> Result<Response, WebError> {
    let form = of(&site, &id)?;
    let kind = [(CONTENT_TYPE, "text/xml; charset=utf-8")];
    Ok((kind, form.xml.clone()).into_response())
}

/// What a form needs beside itself: nothing.
pub(super) async fn manifest(
    State(site): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    of(&site, &id)?;
    xml(&Manifest)
}

pub(super) fn of<'a>(site: &'a Site, id: &str) -> Result<&'a XForm, WebError> {
    let found = site.programme.forms.iter().find(|form| form.id == id);
    found.ok_or_else(|| {
        Refusal::new("programme.no_such_form", Fault::Missing)
            .value(id)
            .into()
    })
}

fn form_bytes(form: &XForm) -> &[u8] {
    form.xml.as_bytes()
}
