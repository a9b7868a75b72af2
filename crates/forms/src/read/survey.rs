//! The sheet `survey`, row by row: what begins and ends a group, what is asked, and what is set.

use super::parameters::Parameters;
use super::sections::{Bound, Open};
use super::settings::{Said, yes_no};
use super::table::{Line, Table};
use crate::model::{Element, Lists, Part, Question, Settings};
use crate::names::is_name;
use crate::text::Text;
use crate::{Fault, Place, types};

/// The name that only the group about the submission may have.
const META: &str = "meta";

/// A survey while it is read.
pub(super) struct Survey<'f> {
    pub settings: &'f Settings,
    pub faults: &'f mut Vec<Fault>,
    pub lists: Lists,
    pub external: Lists,
    pub osm: Lists,
    pub elements: Vec<Element>,
    /// The groups that are open, from the outside in; the root is the first.
    pub open: Vec<Open>,
    /// The list of the table that is open; empty until its first question names it.
    pub table_list: Option<String>,
    /// What goes into the group about the submission.
    pub meta: Vec<Element>,
    pub triggers: Vec<(String, Place)>,
    said: Said,
}

/// What was read.
pub(super) struct Read {
    pub elements: Vec<Element>,
    pub lists: Lists,
    /// The questions that set off others, each with the cell that says so.
    pub triggers: Vec<(String, Place)>,
    /// What the survey sets.
    pub said: Said,
}

impl<'f> Survey<'f> {
    /// Before its first row.
    pub fn new(
        settings: &'f Settings,
        lists: Lists,
        external: Lists,
        osm: Lists,
        faults: &'f mut Vec<Fault>,
    ) -> Self {
        Self {
            settings,
            faults,
            lists,
            external,
            osm,
            elements: vec![Element::new(&settings.root, 1, Part::Root)],
            open: vec![Open::root()],
            table_list: None,
            meta: Vec::new(),
            triggers: Vec::new(),
            said: Said::new(),
        }
    }

    /// Reads all rows.
    pub fn read(mut self, table: &Table) -> Read {
        for line in table.lines() {
            self.take(line);
        }
        self.require_closed();
        self.add_meta();
        Read {
            elements: self.elements,
            lists: self.lists,
            triggers: self.triggers,
            said: self.said,
        }
    }

    fn take(&mut self, line: Line<'_>) {
        if line.get("disabled").and_then(yes_no) == Some(true) {
            return;
        }
        let Some(type_name) = line.get("type").map(types::of_today) else {
            // A row of notes is passed over.
            let is_meant = line.cells().any(|(path, _)| {
                path.first()
                    .is_some_and(|first| first == "name" || first == "label")
            });
            if is_meant {
                self.fault("forms.no_type", line, &["type"]);
            }
            return;
        };
        if let Some(setting) = setting_of(type_name) {
            self.said.extend(
                line.get("name")
                    .map(|value| (setting.to_owned(), value.to_owned())),
            );
            return;
        }
        if type_name == "audit" {
            self.audit(line);
            return;
        }
        match Bound::of(type_name) {
            Some(Bound::End(kind)) => self.close(kind, line),
            Some(Bound::Begin { kind, list }) => {
                if let Some(name) = self.name(line, type_name) {
                    self.open_section(kind, list, &name, line);
                }
            }
            None => {
                if let Some(name) = self.name(line, type_name) {
                    self.question(type_name, &name, line);
                }
            }
        }
    }

    /// The name of a row, where it may be one. Notes without a name are given one.
    fn name(&mut self, line: Line<'_>, type_name: &str) -> Option<String> {
        let name = match line.get("name") {
            Some(name) => name.to_owned(),
            None if type_name == "note" => format!("generated_note_name_{}", line.number()),
            None => {
                self.fault("forms.no_name", line, &["name"]);
                return None;
            }
        };
        let code = match name.as_str() {
            META => "forms.reserved_name",
            other if !is_name(other) => "forms.bad_name",
            _ => return Some(name),
        };
        self.faults
            .push(Fault::at(code, line.place(&["name"])).value(&name));
        // Its end still closes it, and its questions are still read.
        Some(if code == "forms.bad_name" {
            format!("_{}", line.number())
        } else {
            name
        })
    }

    /// An element with what the columns of its row say.
    pub fn element(&mut self, name: &str, part: Part, line: Line<'_>) -> Element {
        let language = self.settings.default_language.as_str();
        let mut element = Element::new(name, line.number(), part);
        for (path, cell) in line.cells() {
            let cell = cell.to_owned();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let wording = match path.as_slice() {
                ["label", ..] => Some(&mut element.label),
                ["hint", ..] => Some(&mut element.hint),
                ["guidance_hint", ..] => Some(&mut element.guidance),
                _ => None,
            };
            match (path.as_slice(), wording) {
                ([_], Some(slot)) => *slot = Some(Text::Plain(cell)),
                ([_, said], Some(slot)) => Text::say(slot, Some(said), cell, language),
                (["media", kind], _) => element.media.say(kind, None, cell, language),
                (["media", kind, said], _) => element.media.say(kind, Some(said), cell, language),
                (["bind", name], _) => element.bind.say(name, None, cell, language),
                (["bind", name, said], _) => element.bind.say(name, Some(said), cell, language),
                (["control", name], _) => element.control.set(name, cell),
                (["instance", name], _) => element.instance.set(name, cell),
                _ => {}
            }
        }
        self.require_sound(&element, line);
        element
    }

    fn require_sound(&mut self, element: &Element, line: Line<'_>) {
        for (column, attributes) in [
            ("bind", &element.bind),
            ("control", &element.control),
            ("instance", &element.instance),
        ] {
            for (name, _) in attributes.iter().filter(|(name, _)| !is_name(name)) {
                self.faults
                    .push(Fault::at("forms.bad_name", line.place(&[column, name])).value(name));
            }
        }
        if element.bind.get("entities:saveto").is_some() {
            self.faults.push(
                Fault::at("forms.not_supported", line.place(&["bind", "entities:saveto"])).value("save_to"),
            );
        }
        for (kind, _) in element.media.iter() {
            if !["image", "big-image", "audio", "video"].contains(&kind) {
                self.faults
                    .push(Fault::at("forms.bad_media", line.place(&["media", kind])).value(kind));
            }
        }
    }

    /// Adds an element to the group that is open.
    pub fn push(&mut self, mut element: Element) -> usize {
        element.parent = self.open.last().map_or(0, |open| open.element);
        self.elements.push(element);
        self.elements.len() - 1
    }

    /// Notes a fault of a row at one of its columns.
    pub fn fault(&mut self, code: &'static str, line: Line<'_>, path: &[&str]) {
        self.faults.push(Fault::at(code, line.place(path)));
    }

    /// What the program writes down by itself: who asked when, and the id and name of the submission.
    fn add_meta(&mut self) {
        let mut kept = std::mem::take(&mut self.meta);
        let unasked =
            |name: &str| Element::new(name, 1, Part::Question(Box::new(Question::of_type("calculate"))));
        if let Some(made) = &self.settings.instance_id {
            let mut id = unasked("instanceID");
            id.bind.set("type", "string");
            id.bind.set("readonly", "true()");
            id.bind.set("jr:preload", made);
            kept.push(id);
        }
        if let Some(expression) = &self.settings.instance_name {
            let mut name = unasked("instanceName");
            name.bind.set("type", "string");
            name.bind.set("calculate", expression);
            kept.push(name);
        }
        if kept.is_empty() {
            return;
        }
        self.elements.push(Element::new(META, 1, Part::Meta));
        let meta = self.elements.len() - 1;
        for mut element in kept {
            element.parent = meta;
            self.elements.push(element);
        }
    }

    fn audit(&mut self, line: Line<'_>) {
        if let Some(name) = line.get("name").filter(|name| *name != "audit") {
            self.faults
                .push(Fault::at("forms.audit_name", line.place(&["name"])).value(name));
        }
        let question = Part::Question(Box::new(Question::of_type("audit")));
        let mut element = self.element("audit", question, line);
        element.bind.set("type", "binary");
        let parameters = Parameters::of(line, self.faults);
        super::question::audit(&mut element, &parameters, line, self.faults);
        self.meta.push(element);
    }
}

/// The setting that a row of the survey sets by its type.
fn setting_of(type_name: &str) -> Option<&'static str> {
    match type_name {
        "form_title" | "set_form_title" => Some("title"),
        "form_id" | "set_form_id" => Some("id_string"),
        "prefix" => Some("prefix"),
        _ => None,
    }
}
