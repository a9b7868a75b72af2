//! XML of strangers as a tree: bounded in bytes, nodes and depth, and without document types, so that nothing in it can
//! be expanded or fetched.

use roxmltree::{Document, Node, ParsingOptions};

use crate::limits::{XML_DEPTH_MAX, XML_NODES_MAX};
use crate::{Fault, Place};

/// The namespace of attributes such as `jr:template`.
pub(crate) const JAVAROSA: &str = "http://openrosa.org/javarosa";

/// Reads a document.
///
/// # Errors
/// `forms.too_large`, `forms.bad_xml`, `forms.too_deep`.
pub(crate) fn parse(xml: &[u8], bytes_max: usize) -> Result<Document<'_>, Fault> {
    if xml.len() > bytes_max {
        return Err(Fault::new("forms.too_large").fact("max", bytes_max));
    }
    let bad = |cause: &dyn std::fmt::Display| Fault::new("forms.bad_xml").fact("cause", cause);
    let text = std::str::from_utf8(xml).map_err(|error| bad(&error))?;
    let options = ParsingOptions {
        nodes_limit: XML_NODES_MAX,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text.trim_start_matches('\u{feff}'), options)
        .map_err(|error| bad(&error))?;
    require_shallow(&document)?;
    Ok(document)
}

/// What walks through the document goes down by calls, so its depth has an end.
fn require_shallow(document: &Document<'_>) -> Result<(), Fault> {
    let mut depth: usize = 0;
    let mut node = document.root();
    loop {
        if let Some(child) = node.first_child() {
            depth += 1;
            if depth > XML_DEPTH_MAX {
                return Err(Fault::new("forms.too_deep")
                    .value(name(child))
                    .fact("max", XML_DEPTH_MAX));
            }
            node = child;
            continue;
        }
        while node.next_sibling().is_none() {
            let Some(parent) = node.parent() else {
                return Ok(());
            };
            depth = depth.saturating_sub(1);
            node = parent;
        }
        let Some(next) = node.next_sibling() else {
            return Ok(());
        };
        node = next;
    }
}

/// The name of an element without its prefix.
pub(crate) fn name<'t>(node: Node<'t, '_>) -> &'t str {
    node.tag_name().name()
}

/// The children of an element that are elements.
pub(crate) fn elements<'t, 'd>(node: Node<'t, 'd>) -> impl Iterator<Item = Node<'t, 'd>> {
    node.children().filter(Node::is_element)
}

/// The first child of a name.
pub(crate) fn child<'t, 'd>(node: Node<'t, 'd>, wanted: &str) -> Option<Node<'t, 'd>> {
    elements(node).find(|child| name(*child) == wanted)
}

/// The text of an element without blanks around it.
pub(crate) fn text(node: Node<'_, '_>) -> String {
    let pieces: String = node
        .children()
        .filter(Node::is_text)
        .filter_map(|piece| piece.text())
        .collect();
    pieces.trim().to_owned()
}

/// A path without the prefixes of its names: `/data/orx:meta` is `/data/meta`.
pub(crate) fn without_prefixes(path: &str) -> String {
    let steps = path
        .trim()
        .split('/')
        .map(|step| step.rsplit_once(':').map_or(step, |(_, name)| name).trim());
    steps.collect::<Vec<_>>().join("/")
}

/// A fault at a node.
pub(crate) fn fault_at(code: &'static str, path: impl Into<String>) -> Fault {
    Fault::at(code, Place::Node(path.into()))
}
