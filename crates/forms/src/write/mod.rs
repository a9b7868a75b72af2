//! From a form to its XForm. Nothing can be wrong with a form here; only its XML may become too large.

mod binds;
mod body;
mod instance;
mod instances;
mod items;
mod itext;
mod labels;
mod paths;
mod xml;

use crate::Fault;
use crate::limits::XFORM_BYTES_MAX;
use crate::model::Form;
use body::Body;
use itext::Itext;
use paths::Paths;
use xml::Xml;

/// The version of the specification that is kept to.
const XFORMS_VERSION: &str = "1.0.0";
/// The namespaces of every XForm.
const NAMESPACES: [(&str, &str); 7] = [
    ("xmlns", "http://www.w3.org/2002/xforms"),
    ("xmlns:h", "http://www.w3.org/1999/xhtml"),
    ("xmlns:ev", "http://www.w3.org/2001/xml-events"),
    ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema"),
    ("xmlns:jr", "http://openrosa.org/javarosa"),
    ("xmlns:orx", "http://openrosa.org/xforms"),
    ("xmlns:odk", "http://www.opendatakit.org/xforms"),
];

/// Writes an XForm.
///
/// # Errors
/// `forms.too_large`.
pub(crate) fn xform(form: &Form) -> Result<String, Fault> {
    let paths = Paths::of(form);
    let mut html = Xml::new("h:html");
    for (name, uri) in NAMESPACES {
        html.set(name, uri);
    }
    for (prefix, uri) in &form.settings.namespaces {
        let name = format!("xmlns:{prefix}");
        if !NAMESPACES.iter().any(|(known, _)| *known == name) {
            html.set(name, uri);
        }
    }
    let title = Xml::new("h:title").text(&form.settings.title);
    html.push(Xml::new("h:head").child(title).child(model(form, &paths)));
    html.push(Body::of(form, &paths).xml());
    let too_large = || Fault::new("forms.too_large").fact("max", XFORM_BYTES_MAX);
    if paths.budget.is_spent() {
        return Err(too_large());
    }
    let text = html.document();
    if text.len() > XFORM_BYTES_MAX {
        Err(too_large())
    } else {
        Ok(text)
    }
}

fn model(form: &Form, paths: &Paths<'_>) -> Xml {
    let settings = &form.settings;
    let mut model = Xml::new("model").with("odk:xforms-version", XFORMS_VERSION);
    if !settings.submission.is_empty() {
        let mut submission = Xml::new("submission");
        for (name, value) in &settings.submission {
            submission.set(*name, value);
        }
        model.push(submission);
    }
    if let Some(itext) = Itext::of(form, paths).xml(&settings.default_language, paths) {
        model.push(itext);
    }
    model.push(Xml::new("instance").child(instance::primary(form, paths)));
    for instance in instances::secondary(form, paths) {
        model.push(instance);
    }
    for (index, element) in form.elements.iter().enumerate() {
        if let Some(bind) = binds::bind(index, element, paths) {
            model.push(bind);
        }
        for action in binds::actions(index, element, false, paths) {
            model.push(action);
        }
    }
    model
}
