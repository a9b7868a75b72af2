//! What holds for each node, and what happens to it by itself.

use super::itext::{MESSAGES, message_needs_itext};
use super::paths::{How, Paths};
use super::xml::Xml;
use crate::expression::is_dynamic;
use crate::model::{Action, Element};
use crate::text::Text;

/// Attributes in which yes and no are expressions.
const EXPRESSIONS: [&str; 5] = ["readonly", "required", "relevant", "constraint", "calculate"];

/// The bind of an element; none where nothing is said of it.
pub(super) fn bind(index: usize, element: &Element, paths: &Paths<'_>) -> Option<Xml> {
    if element.bind.is_empty() {
        return None;
    }
    let is_triggered = element
        .question()
        .is_some_and(|question| !question.triggers.is_empty());
    let mut bind = Xml::new("bind").with("nodeset", paths.path(index));
    for (name, value) in element.bind.iter() {
        // What is set off by another question is worked out there.
        if name == "calculate" && is_triggered {
            continue;
        }
        bind.set(name, attribute(index, name, value, paths));
    }
    Some(bind)
}

fn attribute(index: usize, name: &str, value: &Text, paths: &Paths<'_>) -> String {
    if MESSAGES.contains(&name) && message_needs_itext(name, value) {
        return format!("jr:itext('{}:{name}')", paths.path(index));
    }
    let text = value.plain().unwrap_or_default();
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" if EXPRESSIONS.contains(&name) => {
            "true()".to_owned()
        }
        "no" | "No" | "NO" | "false" | "False" | "FALSE" if EXPRESSIONS.contains(&name) => {
            "false()".to_owned()
        }
        _ => paths.insert(text, Some(index), How::default()),
    }
}

/// What happens to a question by itself: when the form is opened, or for each new instance of a repeat.
pub(super) fn actions(index: usize, element: &Element, in_repeat: bool, paths: &Paths<'_>) -> Vec<Xml> {
    let Some(question) = element.question() else {
        return Vec::new();
    };
    let wanted = question
        .actions
        .iter()
        .filter(|action| (**action == Action::SetOnNewRepeat) == in_repeat);
    wanted
        .map(|action| {
            let (name, event) = match action {
                Action::SetOnFirstLoad => ("setvalue", "odk-instance-first-load"),
                Action::SetOnNewRepeat => ("setvalue", "odk-new-repeat"),
                Action::LocateOnFirstLoad => ("odk:setgeopoint", "odk-instance-first-load"),
                Action::RecordOnLoad => ("odk:recordaudio", "odk-instance-load"),
            };
            let mut xml = Xml::new(name).with("ref", paths.path(index)).with("event", event);
            if let (Action::RecordOnLoad, Some(quality)) = (action, &question.quality) {
                xml.set("odk:quality", quality);
            }
            if let Some(default) = question.default.as_ref().filter(|_| name == "setvalue") {
                let is_worked_out = is_dynamic(default, &question.type_name);
                let value = if is_worked_out {
                    paths.insert(default, Some(index), How::default())
                } else {
                    default.clone()
                };
                xml.set("value", value);
            }
            xml
        })
        .collect()
}
