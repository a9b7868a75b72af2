//! Forms of the field: filled in where there is no network, and sent when there is one.
//!
//! A page joins by three things: its form names itself (`data-outbox`) and brings the key of its act along in `key`; it
//! includes `_components/_outbox.html`; its handler ends in [`answer`]. The script `field.js` keeps such a page on the device, puts
//! what is filled in into an outbox, and sends it under a key of its own for each filling, so that an act is done once however
//! often it arrives. Without script the form is sent as any other. What waits on the device is sealed under a key that only its
//! user's pages hold; signing out takes these pages away.
//!
//! Deliberately absent: pages of what the registry holds. The device keeps the empty form, and what its user typed.

use axum::response::Response;
use kernel::Refusal;
use serde_json::json;

use crate::error::WebError;
use crate::layout;
use crate::signed::Signed;
use crate::site::Site;

/// A form of the field, as its page knows it.
pub(crate) struct Outbox {
    /// What the form is called on the device: its path, without a language.
    pub name: &'static str,
    /// The field that an entry of the list is named by.
    pub title: &'static str,
    /// What its user's entries are sealed under there, in hex.
    pub device_key: String,
}

impl Outbox {
    pub(crate) fn new(site: &Site, signed: &Signed, name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            device_key: site.keyring.mark("device-key", &signed.user.to_string()),
        }
    }
}

/// What came of a form that was sent: a page is led on or shows the form `again`; the script is told where it led, or why not.
pub(crate) fn answer(
    signed: &Signed,
    taken: Result<String, Refusal>,
    again: impl FnOnce(&Refusal) -> Result<Response, WebError>,
) -> Result<Response, WebError> {
    match taken {
        Ok(path) if signed.page.wants_json => {
            Ok(layout::json(&json!({ "location": signed.page.href(&path) })))
        }
        Ok(path) => Ok(layout::see_other(signed.page.href(&path))),
        Err(refusal) if signed.page.wants_json => Err(refusal.into()),
        Err(refusal) => layout::refused(again(&refusal)),
    }
}
