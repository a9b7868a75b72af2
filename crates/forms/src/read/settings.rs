//! The sheet `settings`: one row that says what the form is called and how its submissions travel.

use std::collections::BTreeMap;

use super::table::{Line, Table};
use crate::Fault;
use crate::model::Settings;
use crate::names::is_name;

/// The language of texts that name none, where none is set.
const LANGUAGE: &str = "default";
/// How the id of a submission is made, where nothing else is set.
const INSTANCE_ID: &str = "uid";
/// Settings that pyxform knows and this compiler does not.
const NOT_SUPPORTED: [&str; 2] = ["flat", "add_none_option"];

/// What is set, by name; also in rows of the survey that set something.
pub(super) type Said = BTreeMap<String, String>;

/// What a form is called that does not say so itself.
#[derive(Clone, Copy)]
pub(super) struct Names<'n> {
    /// The id: the name of the file.
    pub stem: &'n str,
    /// The root of the primary instance.
    pub root: &'n str,
}

/// Reads the settings; `said` are those of the survey, which win.
pub(super) fn read(table: Option<&Table>, said: Said, file: Names<'_>, faults: &mut Vec<Fault>) -> Settings {
    let line = table.and_then(|table| table.lines().next());
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    let mut attributes = Vec::new();
    for (path, value) in line.iter().flat_map(|line| line.cells()) {
        match path {
            [name] => drop(values.insert(name.clone(), value.to_owned())),
            [first, name] if first == "attribute" => attributes.push((name.clone(), value.to_owned())),
            _ => {}
        }
    }
    if let Some(line) = line {
        require_sound(line, &values, &attributes, faults);
    }
    values.extend(said);
    settings_of(values, attributes, file)
}

fn settings_of(
    mut values: BTreeMap<String, String>,
    mut attributes: Vec<(String, String)>,
    file: Names<'_>,
) -> Settings {
    let is_yes =
        |values: &BTreeMap<String, String>, name: &str| values.get(name).and_then(|text| yes_no(text));
    let allow_choice_duplicates = is_yes(&values, "allow_choice_duplicates") == Some(true);
    let clean_text_values = is_yes(&values, "clean_text_values") != Some(false);
    let omits_instance_id = is_yes(&values, "omit_instanceID") == Some(true);
    let client_editable = is_yes(&values, "client_editable") == Some(true);
    let mut take = |name: &str| values.remove(name);
    let mut submission = Vec::new();
    if let Some(url) = take("submission_url") {
        submission.extend([("action", url), ("method", "post".to_owned())]);
    }
    for (name, attribute) in [
        ("public_key", "base64RsaPublicKey"),
        ("auto_send", "orx:auto-send"),
        ("auto_delete", "orx:auto-delete"),
    ] {
        submission.extend(take(name).map(|value| (attribute, value)));
    }
    if client_editable {
        submission.push(("odk:client-editable", "true".to_owned()));
    }
    for (name, attribute) in [
        ("instance_xmlns", "xmlns"),
        ("prefix", "odk:prefix"),
        ("delimiter", "odk:delimiter"),
    ] {
        attributes.extend(take(name).map(|value| (attribute.to_owned(), value)));
    }
    let id = take("id_string").unwrap_or_else(|| file.stem.to_owned());
    Settings {
        root: take("name").unwrap_or_else(|| file.root.to_owned()),
        title: take("title").unwrap_or_else(|| id.clone()),
        id,
        version: take("version"),
        default_language: take("default_language").unwrap_or_else(|| LANGUAGE.to_owned()),
        instance_name: take("instance_name"),
        instance_id: (!omits_instance_id)
            .then(|| take("instance_id").unwrap_or_else(|| INSTANCE_ID.to_owned())),
        style: take("style"),
        submission,
        attributes,
        namespaces: take("namespaces")
            .map(|text| namespaces(&text))
            .unwrap_or_default(),
        allow_choice_duplicates,
        clean_text_values,
    }
}

fn require_sound(
    line: Line<'_>,
    values: &BTreeMap<String, String>,
    attributes: &[(String, String)],
    faults: &mut Vec<Fault>,
) {
    if let Some(name) = values.get("name").filter(|name| !is_name(name)) {
        faults.push(Fault::at("forms.bad_name", line.place(&["name"])).value(name));
    }
    for (name, _) in attributes.iter().filter(|(name, _)| !is_name(name)) {
        faults.push(Fault::at("forms.bad_name", line.place(&["attribute", name])).value(name));
    }
    for name in NOT_SUPPORTED {
        if let Some(value) = values.get(name).filter(|value| yes_no(value) != Some(false)) {
            faults.push(Fault::at("forms.not_supported", line.place(&[name])).value(value));
        }
    }
    let is_encrypted = values.contains_key("public_key");
    if let Some(value) = values
        .get("omit_instanceID")
        .filter(|value| is_encrypted && yes_no(value) == Some(true))
    {
        faults.push(Fault::at("forms.key_without_id", line.place(&["omit_instanceID"])).value(value));
    }
}

/// What XLSForm takes for yes and no.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()" => Some(false),
        _ => None,
    }
}

/// `esri="http://esri.com/xforms" other=…`; what is not of this shape is passed over.
fn namespaces(text: &str) -> Vec<(String, String)> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    let sound =
        pairs.filter(|(prefix, name)| is_name(prefix) && !prefix.contains(':') && !name.contains('='));
    sound
        .map(|(prefix, name)| (prefix.to_owned(), name.replace(['"', '\''], "")))
        .collect()
}
