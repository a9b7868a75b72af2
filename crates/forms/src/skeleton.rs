//! What an XForm asks for: its identity, the tree of its primary instance, and what each node must hold.
//!
//! Names are taken without their prefixes, since devices write `orx:meta` where a form has `meta`. Expressions are kept
//! as text: nothing here works them out.

use std::collections::{HashMap, HashSet};

use roxmltree::Node as Xml;

use crate::Fault;
use crate::limits::XFORM_BYTES_MAX;
use crate::markup::{JAVAROSA, child, elements, name, parse, text, without_prefixes};

/// The namespace of XForms, which identifies no form.
const XFORMS: &str = "http://www.w3.org/2002/xforms";
/// The controls that ask for a value.
const CONTROLS: [&str; 7] = ["input", "select", "select1", "upload", "trigger", "range", "rank"];
/// How the names of files begin that a form needs beside it.
const BESIDE: &str = "jr://";
/// The file of external choices, which a form reads without naming it.
const ITEMSETS: &str = "itemsets.csv";

/// What a node holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text; also every type that is none of ours.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time.
    DateTime,
    /// `true` or `false`.
    Boolean,
    /// A point: latitude, longitude, altitude, accuracy.
    GeoPoint,
    /// Points of a line or an area, joined by semicolons.
    GeoLine,
    /// The name of a file that comes with the submission.
    File,
}

impl Kind {
    fn of(type_name: &str) -> Self {
        match type_name.rsplit_once(':').map_or(type_name, |(_, name)| name) {
            "int" | "integer" | "long" => Self::Integer,
            "decimal" | "double" | "float" => Self::Decimal,
            "date" => Self::Date,
            "time" => Self::Time,
            "dateTime" => Self::DateTime,
            "boolean" => Self::Boolean,
            "geopoint" => Self::GeoPoint,
            "geotrace" | "geoshape" => Self::GeoLine,
            "binary" => Self::File,
            _ => Self::Text,
        }
    }

    /// The name used in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "int",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "dateTime",
            Self::Boolean => "boolean",
            Self::GeoPoint => "geopoint",
            Self::GeoLine => "geotrace",
            Self::File => "binary",
        }
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A group of nodes, once.
    Group,
    /// A group of nodes, any number of times.
    Repeat,
    /// A value.
    Leaf(Kind),
}

/// One node of the primary instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands: `/data/member/name`.
    pub path: String,
    /// What it is.
    pub shape: Shape,
    /// Whether it may stand several times in its parent: a repeat, or what the form itself writes several times.
    pub several: bool,
    /// Whether someone is asked for it: a control of the body names it.
    pub asked: bool,
    /// The expression that says whether it must be answered.
    pub required: Option<String>,
    /// The expression it must satisfy.
    pub constraint: Option<String>,
    /// What is said where it does not.
    pub constraint_message: Option<String>,
    /// The expression that says whether it is asked for at all.
    pub relevant: Option<String>,
    /// The expression that says whether it can only be looked at.
    pub readonly: Option<String>,
}

/// What an XForm asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skeleton {
    /// The id of the form.
    pub id: String,
    /// Its version; empty where it has none.
    pub version: String,
    /// Its title.
    pub title: String,
    /// The nodes of the primary instance in document order, the root first.
    pub nodes: Vec<Node>,
    /// The names of the files it needs beside it: pictures, sound, tables of choices.
    pub files: Vec<String>,
}

impl Skeleton {
    /// The node at a path.
    pub fn node(&self, path: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.path == path)
    }

    /// The root of the primary instance.
    pub fn root(&self) -> &str {
        self.nodes
            .first()
            .map_or("", |root| root.path.as_str())
            .trim_start_matches('/')
    }
}

/// Reads an XForm back.
///
/// # Errors
/// `forms.too_large`, `forms.bad_xml`, `forms.too_deep`, `forms.not_a_form`, `forms.no_form_id`.
pub fn read_xform(xml: &[u8]) -> Result<Skeleton, Fault> {
    let document = parse(xml, XFORM_BYTES_MAX)?;
    let html = document.root_element();
    let not_a_form = || Fault::new("forms.not_a_form").value(name(html));
    let head = child(html, "head").ok_or_else(not_a_form)?;
    let model = child(head, "model").ok_or_else(not_a_form)?;
    let instance = child(model, "instance")
        .and_then(|instance| elements(instance).next())
        .ok_or_else(not_a_form)?;
    let mut reader = Reader::default();
    reader.instance(instance, "", false);
    let root = format!("/{}", name(instance));
    for bind in elements(model).filter(|element| name(*element) == "bind") {
        reader.bind(bind, &root);
    }
    if let Some(body) = child(html, "body") {
        reader.body(body, &root);
    }
    Ok(Skeleton {
        id: form_id(instance).ok_or_else(|| Fault::new("forms.no_form_id").value(name(instance)))?,
        version: instance.attribute("version").unwrap_or_default().to_owned(),
        title: child(head, "title").map(text).unwrap_or_default(),
        files: files(html),
        nodes: reader.nodes,
    })
}

/// The id of a form, at the root of its primary instance or of a submission: its attribute, else its namespace.
pub(crate) fn form_id(root: Xml<'_, '_>) -> Option<String> {
    let namespace = root
        .tag_name()
        .namespace()
        .filter(|namespace| *namespace != XFORMS);
    root.attribute("id")
        .or(namespace)
        .map(str::to_owned)
        .filter(|id| !id.is_empty())
}

/// The nodes while they are read.
#[derive(Default)]
struct Reader {
    nodes: Vec<Node>,
    by_path: HashMap<String, usize>,
    /// The paths of binds that controls name by id.
    by_id: HashMap<String, String>,
}

impl Reader {
    fn instance(&mut self, xml: Xml<'_, '_>, above: &str, is_again: bool) {
        let path = format!("{above}/{}", name(xml));
        let is_leaf = elements(xml).next().is_none();
        let is_template = xml.attribute((JAVAROSA, "template")).is_some();
        let next = self.nodes.len();
        let at = *self.by_path.entry(path.clone()).or_insert(next);
        if at == next {
            self.nodes.push(Node {
                path: path.clone(),
                shape: if is_leaf {
                    Shape::Leaf(Kind::Text)
                } else {
                    Shape::Group
                },
                several: false,
                asked: false,
                required: None,
                constraint: None,
                constraint_message: None,
                relevant: None,
                readonly: None,
            });
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.several |= is_again || is_template;
            // An instance that is empty may be written beside one that is not.
            if !is_leaf {
                node.shape = if is_template || node.shape == Shape::Repeat {
                    Shape::Repeat
                } else {
                    Shape::Group
                };
            }
        }
        let mut seen = HashSet::new();
        for inner in elements(xml) {
            let is_again = !seen.insert(name(inner));
            self.instance(inner, &path, is_again);
        }
    }

    fn node(&mut self, path: &str) -> Option<&mut Node> {
        self.by_path.get(path).and_then(|at| self.nodes.get_mut(*at))
    }

    fn bind(&mut self, bind: Xml<'_, '_>, root: &str) {
        let Some(path) = bind.attribute("nodeset").map(|nodeset| absolute(nodeset, root)) else {
            return;
        };
        if let Some(id) = bind.attribute("id") {
            self.by_id.insert(id.to_owned(), path.clone());
        }
        let Some(node) = self.node(&path) else { return };
        if let (Shape::Leaf(kind), Some(type_name)) = (&mut node.shape, bind.attribute("type")) {
            *kind = Kind::of(type_name);
        }
        let said = |name: &str| {
            bind.attribute(name)
                .map(|expression| expression.trim().to_owned())
        };
        node.required = said("required");
        node.constraint = said("constraint");
        node.relevant = said("relevant");
        node.readonly = said("readonly");
        node.constraint_message = bind.attribute((JAVAROSA, "constraintMsg")).map(str::to_owned);
    }

    fn body(&mut self, xml: Xml<'_, '_>, around: &str) {
        for control in elements(xml) {
            let by_id = control
                .attribute("bind")
                .and_then(|id| self.by_id.get(id))
                .cloned();
            let named = control.attribute("ref").or_else(|| control.attribute("nodeset"));
            let path = by_id.or_else(|| named.map(|path| absolute(path, around)));
            let is_control = CONTROLS.contains(&name(control));
            let is_repeat = name(control) == "repeat";
            if let Some(node) = path.as_deref().and_then(|path| self.node(path)) {
                node.asked |= is_control;
                node.several |= is_repeat;
                if is_repeat && node.shape == Shape::Group {
                    node.shape = Shape::Repeat;
                }
            }
            if !is_control {
                self.body(control, path.as_deref().unwrap_or(around));
            }
        }
    }
}

/// A path from the root, for one that may be from an element.
fn absolute(path: &str, around: &str) -> String {
    match without_prefixes(path) {
        path if path.starts_with('/') => path,
        path if path == "." => around.to_owned(),
        path => format!("{around}/{}", path.trim_start_matches("./")),
    }
}

/// The files a form needs beside it.
fn files(html: Xml<'_, '_>) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for node in html.descendants() {
        let sources = node
            .attributes()
            .filter(|attribute| attribute.name() == "src")
            .map(|attribute| attribute.value());
        let said = node.text().filter(|_| node.is_text());
        let file = |address: &str| {
            let (folder, file) = address.trim().strip_prefix(BESIDE)?.split_once('/')?;
            (folder != "instance").then(|| file.to_owned())
        };
        let external = node.attribute("query").map(|_| ITEMSETS.to_owned());
        for name in sources.chain(said).filter_map(file).chain(external) {
            if seen.insert(name.clone()) {
                files.push(name);
            }
        }
    }
    files
}
