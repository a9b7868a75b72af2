//! What was filled in on a phone: each submission once, with its files, which may come in several posts.

use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use forms::Skeleton;
use kernel::{Done, Fault, PlaceCode, Refusal};
use people::staff::{Action, PlaceFilter};
use registry::{Received, Register};

use super::{POST_BYTES_MAX, forms as of_forms, message, typed};
use crate::Shared;
use crate::error::WebError;
use crate::registry::{register_of, registry};
use crate::signed::Signed;
use crate::site::Site;

/// The most bytes of a submission without its files.
const XML_BYTES_MAX: usize = 1 << 20;
/// The part that is the submission itself.
const XML_PART: &str = "xml_submission_file";
const ROOM: HeaderName = HeaderName::from_static("x-openrosa-accept-content-length");

/// Where submissions go, and how much of one is taken at once; phones ask before they send.
pub(super) async fn probe(State(site): State<Shared>, signed: Signed, headers: HeaderMap) -> Response {
    let path = signed.page.href("/openrosa/submission");
    let here = format!("{}{path}", site.front.origin(&headers));
    let said = [(LOCATION, here), (ROOM, POST_BYTES_MAX.to_string())];
    (StatusCode::NO_CONTENT, said).into_response()
}

/// Takes a submission in. What the registry refuses is kept too, with the reasons, for someone to correct.
pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    let (xml, files) = read(form.map_err(|_| no_form())?).await?;
    let received = received(&site, &signed, xml, files)?;
    let actor = signed.require(Action::KeepRegistry, Some(received.place))?;
    let taken = registry(&site)?.receive(actor, received).await;
    let _now_or_already: Done<()> = taken.map_err(|refusal| match refusal.code {
        "registry.submission_differs" => WebError::conflict(refusal),
        _ => refusal.into(),
    })?;
    Ok(message(
        StatusCode::CREATED,
        signed.page.w.get("openrosa.received"),
    ))
}

/// A submission with what it says, or with why it cannot be done.
fn received(
    site: &Site,
    signed: &Signed,
    xml: String,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Received, WebError> {
    let unreadable = |fault: forms::Fault| WebError::with_status(StatusCode::BAD_REQUEST, fault.refusal());
    let identity = forms::read_identity(xml.as_bytes()).map_err(unreadable)?;
    let (skeleton, household) = (
        skeleton(site, &identity.form_id, &identity.version)?,
        registry(site)?.household_of_submission(&identity.instance_id),
    );
    let act: Result<Register, Vec<Refusal>> = match forms::read_submission(xml.as_bytes(), &skeleton) {
        Ok(filled) => {
            let typed = typed(&skeleton, &filled.values, household);
            register_of(site, &typed).map_err(|refusal| vec![refusal])
        }
        Err(faults) => Err(faults.iter().map(forms::Fault::refusal).collect()),
    };
    let said = act.as_ref().ok().map(|act| act.place);
    let place = said.or_else(|| own_place(signed));
    let place = place.ok_or_else(|| Refusal::new("staff.denied", Fault::Denied))?;
    Ok(Received {
        instance_id: identity.instance_id,
        form_id: identity.form_id,
        form_version: identity.version,
        xml,
        place,
        files,
        act,
    })
}

/// What a form of the programme asks for. A phone may have an older version of it: what it sends is held against today's questions.
pub(crate) fn skeleton(site: &Site, form_id: &str, version: &str) -> Result<Skeleton, WebError> {
    let form = of_forms::of(site, form_id)?;
    let skeleton = forms::read_xform(form.xml.as_bytes()).map_err(|fault| fault.refusal())?;
    Ok(Skeleton {
        version: version.to_owned(),
        ..skeleton
    })
}

/// Where someone keeps the registry: what names no place of its own is looked for there.
fn own_place(signed: &Signed) -> Option<PlaceCode> {
    match signed.viewer.places(Action::KeepRegistry) {
        PlaceFilter::Within(places) => places.into_iter().next(),
        PlaceFilter::All => None,
    }
}

/// The submission and its files, as one post brought them.
async fn read(mut form: Multipart) -> Result<(String, Vec<(String, Vec<u8>)>), WebError> {
    let (mut xml, mut files) = (None, Vec::new());
    while let Some(field) = form.next_field().await.map_err(|error| cut_off(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        if name == XML_PART {
            xml = Some(text(field).await?);
        } else if let Some(file_name) = file_name {
            let bytes = field.bytes().await.map_err(|error| cut_off(&error))?;
            files.push((file_name, bytes.to_vec()));
        }
    }
    let missing = || Refusal::new("openrosa.no_submission", Fault::Refused).at(XML_PART);
    let xml = xml.ok_or_else(|| WebError::with_status(StatusCode::BAD_REQUEST, missing()))?;
    Ok((xml, files))
}

async fn text(field: Field<'_>) -> Result<String, WebError> {
    let bytes = field.bytes().await.map_err(|error| cut_off(&error))?;
    if bytes.len() > XML_BYTES_MAX {
        let refusal = Refusal::new("web.file_too_large", Fault::Refused).at(XML_PART);
        return Err(WebError::too_large(refusal.fact("max", XML_BYTES_MAX)));
    }
    let no_text = |_| Refusal::new("forms.bad_xml", Fault::Refused).at(XML_PART);
    String::from_utf8(bytes.to_vec())
        .map_err(|error| WebError::with_status(StatusCode::BAD_REQUEST, no_text(error)))
}

/// The post ended early, or is larger than may be.
fn cut_off(error: &axum::extract::multipart::MultipartError) -> WebError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let refusal = Refusal::new("web.file_too_large", Fault::Refused);
        return WebError::too_large(refusal.fact("max", POST_BYTES_MAX));
    }
    no_form()
}

fn no_form() -> WebError {
    let refusal = Refusal::new("web.upload_cut_off", Fault::Refused);
    WebError::with_status(StatusCode::BAD_REQUEST, refusal)
}
