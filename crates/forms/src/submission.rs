//! A submission: the filled primary instance that a device sends, held against the form it was filled by.
//!
//! Expressions are not worked out, so a constraint is not judged here, and a value is only missed where the form always
//! asks for it. What the form does not have is refused; only the group about the submission may say more than the form
//! does, since devices add to it.

use std::collections::HashMap;

use roxmltree::Node as Xml;

use crate::answers::fits;
use crate::limits::SUBMISSION_BYTES_MAX;
use crate::markup::{JAVAROSA, child, elements, fault_at, name, parse, text};
use crate::skeleton::{Kind, Node, Shape, form_id};
use crate::{Fault, Skeleton, Value, Values};

/// The group about the submission.
const META: &str = "meta";
/// What is always so.
const ALWAYS: &str = "true()";
/// How a value begins that names a file of the form, not one that comes with the submission.
const OF_THE_FORM: &str = "jr://";

/// Whose submission it is; read before the form is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The id of the form.
    pub form_id: String,
    /// The version of the form; empty where it has none.
    pub version: String,
    /// The id that the device gave it.
    pub instance_id: String,
}

/// A submission that keeps to its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The id of the form.
    pub form_id: String,
    /// The version of the form; empty where it has none.
    pub version: String,
    /// The id that the device gave it: sent twice, it is the same.
    pub instance_id: String,
    /// What was answered.
    pub values: Values,
    /// The names of the files that come with it.
    pub media: Vec<String>,
}

/// Reads whose submission it is.
///
/// # Errors
/// `forms.too_large`, `forms.bad_xml`, `forms.too_deep`, `forms.encrypted`, `forms.no_form_id`, `forms.no_instance_id`.
pub fn read_identity(xml: &[u8]) -> Result<Identity, Fault> {
    identity(parse(xml, SUBMISSION_BYTES_MAX)?.root_element())
}

fn identity(root: Xml<'_, '_>) -> Result<Identity, Fault> {
    if root.attribute("encrypted").is_some() {
        return Err(Fault::new("forms.encrypted").value(name(root)));
    }
    let form_id = form_id(root).ok_or_else(|| Fault::new("forms.no_form_id").value(name(root)))?;
    let in_meta = child(root, META)
        .and_then(|meta| child(meta, "instanceID"))
        .map(text);
    let instance_id = in_meta.or_else(|| root.attribute("instanceID").map(|id| id.trim().to_owned()));
    let instance_id = instance_id
        .filter(|id| !id.is_empty())
        .ok_or_else(|| fault_at("forms.no_instance_id", format!("/{}/meta/instanceID", name(root))))?;
    let version = root.attribute("version").unwrap_or_default().to_owned();
    Ok(Identity {
        form_id,
        version,
        instance_id,
    })
}

/// Reads a submission and holds it against its form; tells all that is wrong.
///
/// # Errors
/// Those of [`read_identity`], and `forms.other_form`, `forms.other_version`, `forms.unknown_node`,
/// `forms.not_a_repeat`, `forms.not_a_value`, `forms.bad_value`, `forms.missing_value`.
pub fn read_submission(xml: &[u8], form: &Skeleton) -> Result<Submission, Vec<Fault>> {
    let document = parse(xml, SUBMISSION_BYTES_MAX).map_err(|fault| vec![fault])?;
    let root = document.root_element();
    let Identity {
        form_id,
        version,
        instance_id,
    } = identity(root).map_err(|fault| vec![fault])?;
    if form_id != form.id || name(root) != form.root() {
        return Err(vec![
            Fault::new("forms.other_form")
                .value(form_id)
                .fact("form", &form.id),
        ]);
    }
    let mut reader = Reader::of(form);
    if version != form.version {
        reader.faults.push(
            Fault::new("forms.other_version")
                .value(&version)
                .fact("version", &form.version),
        );
    }
    reader.group(
        root,
        &Step {
            path: format!("/{}", name(root)),
            shown: format!("/{}", name(root)),
            repeats: Vec::new(),
        },
    );
    reader.require_answers(form);
    if reader.faults.is_empty() {
        Ok(Submission {
            form_id,
            version,
            instance_id,
            values: reader.values,
            media: reader.media,
        })
    } else {
        Err(reader.faults)
    }
}

/// Where the walk is.
struct Step {
    /// The path in the form.
    path: String,
    /// The path with the numbers of repeats, for people.
    shown: String,
    repeats: Vec<u32>,
}

/// A submission while it is read.
struct Reader<'f> {
    nodes: HashMap<&'f str, &'f Node>,
    meta: String,
    values: Values,
    media: Vec<String>,
    faults: Vec<Fault>,
}

impl<'f> Reader<'f> {
    fn of(form: &'f Skeleton) -> Self {
        Self {
            nodes: form.nodes.iter().map(|node| (node.path.as_str(), node)).collect(),
            meta: format!("/{}/{META}", form.root()),
            values: Values::default(),
            media: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn group(&mut self, xml: Xml<'_, '_>, at: &Step) {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for inner in elements(xml).filter(|inner| inner.attribute((JAVAROSA, "template")).is_none()) {
            let count = counts
                .entry(name(inner))
                .and_modify(|count| *count += 1)
                .or_insert(1);
            let mut step = Step {
                path: format!("{}/{}", at.path, name(inner)),
                shown: format!("{}/{}", at.shown, name(inner)),
                repeats: at.repeats.clone(),
            };
            let node = self.nodes.get(step.path.as_str()).copied();
            if node.is_some_and(|node| node.several) {
                step.repeats.push(*count);
                step.shown = format!("{}[{count}]", step.shown);
            } else if *count > 1 {
                self.faults.push(fault_at("forms.not_a_repeat", step.shown));
                continue;
            }
            self.node(inner, node, step);
        }
    }

    fn node(&mut self, xml: Xml<'_, '_>, node: Option<&Node>, at: Step) {
        let is_about_itself = at.path.starts_with(&self.meta);
        let shape = match node {
            Some(node) => node.shape,
            None if is_about_itself && elements(xml).next().is_some() => Shape::Group,
            None if is_about_itself => Shape::Leaf(Kind::Text),
            None => {
                self.faults.push(fault_at("forms.unknown_node", at.shown));
                return;
            }
        };
        let text = text(xml);
        match shape {
            Shape::Leaf(kind) if elements(xml).next().is_none() => self.value(text, kind, at),
            Shape::Group | Shape::Repeat if text.is_empty() => self.group(xml, &at),
            Shape::Leaf(_) => self.faults.push(fault_at("forms.not_a_value", at.shown)),
            Shape::Group | Shape::Repeat => self
                .faults
                .push(fault_at("forms.not_a_value", at.shown).value(text)),
        }
    }

    fn value(&mut self, text: String, kind: Kind, at: Step) {
        let is_of_the_form = kind == Kind::File && text.starts_with(OF_THE_FORM);
        if !text.is_empty() && !is_of_the_form && !fits(&text, kind) {
            self.faults.push(
                fault_at("forms.bad_value", at.shown)
                    .value(&text)
                    .fact("type", kind.as_str()),
            );
        } else if kind == Kind::File && !text.is_empty() && !is_of_the_form {
            self.media.push(text.clone());
        }
        self.values.push(Value {
            path: at.path,
            repeats: at.repeats,
            text,
        });
    }

    /// What the form always asks for must be answered: once, and in each instance of a repeat that is there.
    fn require_answers(&mut self, form: &Skeleton) {
        let asked = form.nodes.iter().filter(|node| self.is_always_asked(node));
        let missed = asked.filter(|node| {
            let mut given = self.values.each(&node.path).peekable();
            let is_in_repeat = self.around(&node.path).any(|around| around.several);
            let is_absent = given.peek().is_none() && !is_in_repeat;
            is_absent || given.any(|value| value.text.is_empty())
        });
        let faults: Vec<Fault> = missed
            .map(|node| fault_at("forms.missing_value", node.path.as_str()))
            .collect();
        self.faults.extend(faults);
    }

    fn is_always_asked(&self, node: &Node) -> bool {
        let is_required =
            node.required.as_deref() == Some(ALWAYS) && node.readonly.as_deref() != Some(ALWAYS);
        let is_shown =
            node.relevant.is_none() && self.around(&node.path).all(|around| around.relevant.is_none());
        node.asked && is_required && is_shown
    }

    fn around<'p>(&'p self, path: &'p str) -> impl Iterator<Item = &'p Node> {
        let ends = path
            .char_indices()
            .filter(|(at, letter)| *letter == '/' && *at > 0);
        ends.filter_map(|(at, _)| self.nodes.get(path.get(..at)?).copied())
    }
}
