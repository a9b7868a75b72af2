//! XML without what does not count: white space beside tags, the order of attributes, and that of the values of one
//! text of the catalogue (pyxform writes those that a language lacks in the order of a Python set).

use roxmltree::{Document, Node};

/// Whether the order of the texts of the catalogue counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It does.
    Kept,
    /// It does not.
    OfTextsOpen,
}

/// A document as one line for each element, attribute and text.
fn lines(xml: &str, order: Order) -> Vec<String> {
    let document = Document::parse(xml).unwrap_or_else(|error| panic!("no XML: {error}\n{xml}"));
    let mut lines = Vec::new();
    push(document.root_element(), 0, order, &mut lines);
    lines
}

fn push(node: Node<'_, '_>, depth: usize, order: Order, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let name = node.tag_name();
    lines.push(format!(
        "{indent}<{}>{}",
        name.name(),
        name.namespace().unwrap_or_default()
    ));
    let mut attributes: Vec<String> = node
        .attributes()
        .map(|one| {
            format!(
                "{indent}  @{}{}={}",
                one.namespace().unwrap_or_default(),
                one.name(),
                one_blank(one.value())
            )
        })
        .collect();
    attributes.sort();
    lines.extend(attributes);
    let mut children: Vec<Vec<String>> = Vec::new();
    for child in node.children() {
        let mut part = Vec::new();
        if child.is_element() {
            push(child, depth + 1, order, &mut part);
        } else if let Some(text) = child
            .text()
            .map(one_blank)
            .filter(|text| child.is_text() && !text.is_empty())
        {
            part.push(format!("{indent}  \"{text}\""));
        }
        children.push(part);
    }
    let is_open = match name.name() {
        "text" => true,
        "translation" | "itext" => order == Order::OfTextsOpen,
        _ => false,
    };
    if is_open {
        children.sort();
    }
    lines.extend(children.into_iter().flatten());
}

fn one_blank(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first line in which two documents differ.
pub fn difference(ours: &str, theirs: &str, order: Order) -> Option<String> {
    let (ours, theirs) = (lines(ours, order), lines(theirs, order));
    let at = (0..ours.len().max(theirs.len())).find(|at| ours.get(*at) != theirs.get(*at))?;
    let window =
        |lines: &[String]| lines[at.saturating_sub(6).min(lines.len())..(at + 4).min(lines.len())].join("\n");
    Some(format!(
        "line {at}\n--- ours\n{}\n--- theirs\n{}",
        window(&ours),
        window(&theirs)
    ))
}
