//! What a question chooses from, inside its control.

use super::labels::filled;
use super::paths::{How, Paths};
use super::xml::Xml;
use crate::model::{Element, Form, ItemSource, Items, Order};
use crate::references::has_reference;
use crate::text::Text;

/// The set of items of a question, or the items themselves where `search()` replaces them.
pub(super) fn items(
    form: &Form,
    paths: &Paths<'_>,
    index: usize,
    element: &Element,
    items: &Items,
) -> Vec<Xml> {
    match &items.source {
        ItemSource::Searched(list) => inline(form, paths, element, list),
        ItemSource::Shapes(name) if has_reference(name) => {
            let nodes = paths.insert(
                name,
                Some(index),
                How {
                    from_current: false,
                    by_repeat: true,
                },
            );
            vec![set(
                format!("{}[./geometry != '']", nodes.trim()),
                "geometry",
                "geometry",
            )]
        }
        ItemSource::Answers(name) => vec![answers(paths, index, items, name)],
        ItemSource::File(name) => {
            let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
            let (value, label) = if ending == "geojson" {
                ("id", "title")
            } else {
                ("name", "label")
            };
            let value = items.value.as_deref().unwrap_or(value);
            let label = items.label.as_deref().unwrap_or(label);
            vec![set(nodes(paths, index, items, instance(stem)), value, label)]
        }
        ItemSource::List(name) | ItemSource::Shapes(name) => {
            let needs_itext = paths.needs_itext(name);
            let label = if needs_itext { "jr:itext(itextId)" } else { "label" };
            vec![set(nodes(paths, index, items, instance(name)), "name", label)]
        }
    }
}

fn instance(name: &str) -> String {
    format!("instance('{name}')/root/item")
}

fn set(nodes: String, value: &str, label: &str) -> Xml {
    let (value, label) = (
        Xml::new("value").with("ref", value),
        Xml::new("label").with("ref", label),
    );
    Xml::new("itemset")
        .with("nodeset", nodes)
        .child(value)
        .child(label)
}

fn nodes(paths: &Paths<'_>, index: usize, items: &Items, mut nodes: String) -> String {
    if let Some(filter) = &items.filter {
        let filter = paths.insert(
            filter,
            Some(index),
            How {
                from_current: true,
                by_repeat: false,
            },
        );
        nodes = format!("{nodes}[{filter}]");
    }
    ordered(paths, index, items, nodes)
}

fn ordered(paths: &Paths<'_>, index: usize, items: &Items, nodes: String) -> String {
    match &items.order {
        Order::AsListed => nodes,
        Order::Random(None) => format!("randomize({nodes})"),
        Order::Random(Some(seed)) => {
            let seed = paths.insert(seed, Some(index), How::default());
            format!("randomize({nodes}, {})", seed.trim())
        }
    }
}

/// Answers of a repeat to choose from; those that are empty are none.
fn answers(paths: &Paths<'_>, index: usize, items: &Items, name: &str) -> Xml {
    let path = paths.insert(
        name,
        Some(index),
        How {
            from_current: false,
            by_repeat: true,
        },
    );
    let (repeat, leaf) = path.trim().rsplit_once('/').unwrap_or(("", path.trim()));
    let filter = match &items.filter {
        Some(filter) => paths
            .insert(
                filter,
                Some(index),
                How {
                    from_current: true,
                    by_repeat: true,
                },
            )
            .replace(&format!("current()/{repeat}"), ".")
            .replace(repeat, "."),
        None => format!("./{leaf} != ''"),
    };
    set(
        ordered(paths, index, items, format!("{repeat}[{filter}]")),
        leaf,
        leaf,
    )
}

fn inline(form: &Form, paths: &Paths<'_>, element: &Element, name: &str) -> Vec<Xml> {
    let Some(list) = form.lists.get(name) else {
        return Vec::new();
    };
    let needs_itext = paths.needs_itext(name);
    let choices = list
        .choices
        .iter()
        .enumerate()
        .filter(|(_, choice)| paths.budget.spend(choice.name.len()));
    choices
        .map(|(number, choice)| {
            let label = Xml::new("label");
            let label = match choice.label.as_ref().and_then(Text::plain) {
                _ if needs_itext => label.with("ref", format!("jr:itext('{name}-{number}')")),
                Some(text) if element.label.is_some() => filled(label, text, None, paths),
                _ => label,
            };
            Xml::new("item")
                .child(label)
                .child(Xml::new("value").text(&choice.name))
        })
        .collect()
}
