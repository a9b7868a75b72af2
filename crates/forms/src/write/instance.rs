//! The primary instance: the tree that a submission fills, with a template for each repeat.

use super::paths::{How, Paths};
use super::xml::Xml;
use crate::expression::is_dynamic;
use crate::model::{Element, Form, Part, Question};
use crate::text::Attributes;

/// The primary instance of a form.
pub(super) fn primary(form: &Form, paths: &Paths<'_>) -> Xml {
    let settings = &form.settings;
    let mut root = section(form, paths, 0, false);
    for (name, value) in &settings.attributes {
        root.set(name, value);
    }
    root.set("id", &settings.id);
    if let Some(version) = &settings.version {
        root.set("version", version);
    }
    root
}

/// A section with what stands in it. Each repeat has a template before it; inside the instance that follows, the repeats
/// in it need none again.
fn section(form: &Form, paths: &Paths<'_>, index: usize, in_instance: bool) -> Xml {
    let Some(element) = form.elements.get(index) else {
        return Xml::new("_");
    };
    let mut xml = attributed(Xml::new(&element.name), &element.instance, index, paths);
    for (child, inner) in inner(form, paths, index) {
        match &inner.part {
            Part::External(_) => {}
            Part::Question(question) => xml.push(leaf(inner, question, child, paths)),
            Part::Repeat if !in_instance => {
                xml.push(template(form, paths, child));
                xml.push(section(form, paths, child, true));
            }
            _ => xml.push(section(form, paths, child, in_instance)),
        }
    }
    xml
}

/// What stands in a section, as long as there is room for it; each element spends its room when its turn comes.
fn inner<'a>(
    form: &'a Form,
    paths: &'a Paths<'_>,
    index: usize,
) -> impl Iterator<Item = (usize, &'a Element)> {
    let numbered = paths
        .children(index)
        .iter()
        .filter_map(|&child| Some((child, form.elements.get(child)?)));
    numbered.filter(|(_, element)| paths.budget.spend(element.name.len()))
}

fn template(form: &Form, paths: &Paths<'_>, index: usize) -> Xml {
    let Some(element) = form.elements.get(index) else {
        return Xml::new("_");
    };
    let mut xml = Xml::new(&element.name).with("jr:template", "");
    for (child, inner) in inner(form, paths, index) {
        match &inner.part {
            Part::External(_) => {}
            Part::Question(question) => xml.push(leaf(inner, question, child, paths)),
            Part::Repeat => xml.push(template(form, paths, child)),
            _ => xml.push(section(form, paths, child, false)),
        }
    }
    xml
}

fn leaf(element: &Element, question: &Question, index: usize, paths: &Paths<'_>) -> Xml {
    let xml = attributed(Xml::new(&element.name), &element.instance, index, paths);
    match &question.default {
        Some(default) if !is_dynamic(default, &question.type_name) => xml.text(default),
        _ => xml,
    }
}

fn attributed(mut xml: Xml, attributes: &Attributes, index: usize, paths: &Paths<'_>) -> Xml {
    for (name, value) in attributes.iter() {
        xml.set(
            name,
            paths.insert(value.plain().unwrap_or_default(), Some(index), How::default()),
        );
    }
    xml
}
