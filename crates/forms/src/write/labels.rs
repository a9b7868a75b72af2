//! Texts that people read: references in them become `output` elements that show the answer.

use super::paths::{How, Paths};
use super::xml::Xml;
use crate::expression::instance_spans;
use crate::model::Element;
use crate::references::references;

/// An element with a text in it, its references and expressions shown by `output`.
pub(super) fn filled(mut xml: Xml, text: &str, context: Option<usize>, paths: &Paths<'_>) -> Xml {
    let spans = if text.contains("instance(") {
        instance_spans(text)
    } else {
        Vec::new()
    };
    let mut outputs: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for span in spans {
        let expression = text.get(span.clone()).unwrap_or_default();
        outputs.push((span, paths.insert(expression, context, How::default())));
    }
    for reference in references(text) {
        if !outputs
            .iter()
            .any(|(span, _)| span.contains(&reference.span.start))
        {
            let path = paths.written(text, &reference, context, How::default());
            outputs.push((reference.span, path));
        }
    }
    outputs.sort_by_key(|(span, _)| span.start);
    let mut behind = 0;
    for (span, value) in outputs {
        let before = text.get(behind..span.start).unwrap_or_default();
        if !before.is_empty() {
            xml = xml.text(before);
        }
        xml = xml.child(Xml::new("output").with("value", value));
        behind = span.end;
    }
    let rest = text.get(behind..).unwrap_or_default();
    if rest.is_empty() { xml } else { xml.text(rest) }
}

/// The label of an element; an empty one where it has none.
pub(super) fn label(index: usize, element: &Element, paths: &Paths<'_>) -> Xml {
    let label = Xml::new("label");
    if element.label_needs_itext() {
        return label.with("ref", format!("jr:itext('{}:label')", paths.path(index)));
    }
    match element.label.as_ref().and_then(|text| text.plain()) {
        Some(text) => filled(label, text, Some(index), paths),
        None => label,
    }
}

/// The label and the hint of a question.
pub(super) fn label_and_hint(index: usize, element: &Element, paths: &Paths<'_>) -> Vec<Xml> {
    let has_hint = element.hint.is_some() || element.guidance.is_some();
    let has_label = element.label.is_some() || !element.media.is_empty();
    let is_label = element.control.plain("appearance") == Some("label");
    let mut parts = Vec::new();
    if has_label || has_hint || is_label {
        parts.push(label(index, element, paths));
    }
    if has_hint {
        parts.push(hint(index, element, paths));
    }
    parts
}

fn hint(index: usize, element: &Element, paths: &Paths<'_>) -> Xml {
    let hint = Xml::new("hint");
    match element.hint.as_ref().and_then(|text| text.plain()) {
        Some(text) if element.guidance.is_none() => filled(hint, text, Some(index), paths),
        _ => hint.with("ref", format!("jr:itext('{}:hint')", paths.path(index))),
    }
}
