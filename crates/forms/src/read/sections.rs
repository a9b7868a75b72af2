//! Groups, repeats and loops: `begin group`, `end repeat`, `begin loop over transports`.

use super::survey::Survey;
use super::table::Line;
use crate::limits::{DEPTH_MAX, ROWS_MAX};
use crate::model::{Choice, Element, Part, Question};
use crate::references::only_reference;
use crate::text::Text;
use crate::{Fault, Place};

/// What kind of section it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Root,
    Group,
    Repeat,
    Loop,
}

impl Section {
    fn named(name: &str) -> Option<Self> {
        match name {
            "group" => Some(Self::Group),
            "repeat" | "lgroup" | "looped group" => Some(Self::Repeat),
            "loop" => Some(Self::Loop),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Root => "survey",
            Self::Group => "group",
            Self::Repeat => "repeat",
            Self::Loop => "loop",
        }
    }
}

/// Where a section begins or ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bound<'t> {
    Begin { kind: Section, list: Option<&'t str> },
    End(Section),
}

impl<'t> Bound<'t> {
    /// Reads the type of a row; none where it is a question.
    pub fn of(type_name: &'t str) -> Option<Self> {
        if let Some(rest) = after(type_name, "end") {
            return Section::named(rest).map(Self::End);
        }
        let rest = after(type_name, "begin")?;
        if let Some(kind) = Section::named(rest) {
            return Some(Self::Begin { kind, list: None });
        }
        let (kind, list) = rest.rsplit_once(' ')?;
        let kind = Section::named(kind.strip_suffix(" over").unwrap_or(kind))?;
        Some(Self::Begin {
            kind,
            list: Some(list),
        })
    }
}

fn after<'t>(type_name: &'t str, word: &str) -> Option<&'t str> {
    type_name.strip_prefix(word)?.strip_prefix([' ', '_'])
}

/// A section that is open.
pub(super) struct Open {
    pub kind: Section,
    pub element: usize,
    /// Where it begins, and its name.
    begun: (Place, String),
    /// The choices a loop goes over.
    choices: Vec<Choice>,
}

impl Open {
    /// The survey as a whole.
    pub fn root() -> Self {
        Self {
            kind: Section::Root,
            element: 0,
            begun: (Place::File, String::new()),
            choices: Vec::new(),
        }
    }
}

impl Survey<'_> {
    /// Begins a section.
    pub(super) fn open_section(&mut self, kind: Section, list: Option<&str>, name: &str, line: Line<'_>) {
        if self.open.len() > DEPTH_MAX {
            self.faults.push(
                Fault::at("forms.too_deep", line.place(&["type"]))
                    .value(name)
                    .fact("max", DEPTH_MAX),
            );
        }
        let part = match kind {
            Section::Repeat => Part::Repeat,
            Section::Loop => Part::Loop,
            Section::Root | Section::Group => Part::Group,
        };
        let mut element = self.element(name, part, line);
        if let Some(intent) = line.get("intent") {
            element.control.set("intent", intent);
        }
        let choices = if kind == Section::Loop {
            self.looped(list, line)
        } else {
            Vec::new()
        };
        self.count_by_a_node(&mut element);
        let note = self.make_table(&mut element, line);
        let element = self.push(element);
        let begun = (line.place(&["type"]), name.to_owned());
        self.open.push(Open {
            kind,
            element,
            begun,
            choices,
        });
        if let Some(note) = note {
            self.push(note);
        }
    }

    /// Ends a section.
    pub(super) fn close(&mut self, kind: Section, line: Line<'_>) {
        self.table_list = None;
        let Some(open) = self.open.pop_if(|open| open.kind == kind) else {
            let open = self.open.last().map_or("", |open| open.kind.as_str());
            let fault = Fault::at("forms.unmatched_end", line.place(&["type"]));
            self.faults.push(fault.value(kind.as_str()).fact("open", open));
            return;
        };
        if kind == Section::Loop {
            self.unroll(&open);
        }
    }

    /// Every section must have ended.
    pub(super) fn require_closed(&mut self) {
        for open in self.open.drain(1..) {
            let (place, name) = open.begun;
            self.faults.push(
                Fault::at("forms.unclosed", place)
                    .value(name)
                    .fact("kind", open.kind.as_str()),
            );
        }
    }

    /// Whether a repeat is open.
    pub(super) fn is_in_repeat(&self) -> bool {
        self.open.iter().any(|open| open.kind == Section::Repeat)
    }

    fn looped(&mut self, list: Option<&str>, line: Line<'_>) -> Vec<Choice> {
        let Some(name) = list else {
            self.fault("forms.no_list", line, &["type"]);
            return Vec::new();
        };
        if let Some(list) = self.lists.get(name) {
            return list.choices.clone();
        }
        self.faults
            .push(Fault::at("forms.unknown_list", line.place(&["type"])).value(name));
        Vec::new()
    }

    /// The number of instances is worked out by a node of its own, where it is more than a reference to one.
    fn count_by_a_node(&mut self, element: &mut Element) {
        let Some(count) = element.control.plain("jr:count") else {
            return;
        };
        if only_reference(count).is_some() {
            return;
        }
        let name = format!("{}_count", element.name);
        let question = Part::Question(Box::new(Question::of_type("calculate")));
        let mut node = Element::new(&name, element.row, question);
        node.bind.set("type", "string");
        node.bind.set("readonly", "true()");
        node.bind.set("calculate", count);
        self.push(node);
        element.control.set("jr:count", format!("${{{name}}}"));
    }

    /// A group that is a table shows all on one page; its label and hint become a note at its head.
    fn make_table(&mut self, element: &mut Element, line: Line<'_>) -> Option<Element> {
        let appearance = element.control.plain("appearance")?.to_owned();
        let others: Vec<&str> = appearance
            .split_whitespace()
            .filter(|word| *word != "table-list")
            .collect();
        if others.len() == appearance.split_whitespace().count() {
            return None;
        }
        self.table_list = Some(String::new());
        let words: Vec<&str> = std::iter::once("field-list").chain(others).collect();
        element.control.set("appearance", words.join(" "));
        let (label, hint) = (element.label.take(), element.hint.take());
        if label.is_none() && hint.is_none() {
            return None;
        }
        let question = Question::of_type("note");
        let name = format!("generated_table_list_label_{}", line.number());
        let mut note = Element::new(name, line.number(), Part::Question(Box::new(question)));
        note.bind.set("readonly", "true()");
        note.bind.set("type", "string");
        note.label = label;
        note.hint = hint;
        Some(note)
    }

    /// Replaces what stands in a loop by a group for each choice, with a copy of it; `%(name)s` and `%(label)s` in its
    /// texts become those of the choice.
    fn unroll(&mut self, open: &Open) {
        let template = self.elements.split_off(open.element + 1);
        let choices = || open.choices.iter().filter(|choice| choice.name != "none");
        if choices().count().saturating_mul(template.len() + 1) > ROWS_MAX {
            self.faults
                .push(Fault::at("forms.too_many_rows", open.begun.0.clone()).fact("max", ROWS_MAX));
            return;
        }
        for choice in choices() {
            let column = self.elements.len();
            let row = self.elements.get(open.element).map_or(1, |element| element.row);
            let mut group = Element::new(&choice.name, row, Part::Group);
            group.parent = open.element;
            group.label.clone_from(&choice.label);
            group.media = choice.media.clone();
            self.elements.push(group);
            for element in &template {
                let mut copy = element.clone();
                if element.parent == open.element {
                    fill_in(&mut copy, choice);
                    copy.parent = column;
                } else {
                    // The template began just behind the loop; its copy begins just behind the group.
                    copy.parent = copy.parent - open.element + column;
                }
                self.elements.push(copy);
            }
        }
    }
}

fn fill_in(element: &mut Element, choice: &Choice) {
    let label = choice.label.as_ref();
    let filled = |text: &str, language: Option<&str>| {
        let named = language.and_then(|language| match label {
            Some(Text::Translated(texts)) => texts.iter().find(|(other, _)| other == language),
            _ => None,
        });
        let label = named
            .map(|(_, text)| text.as_str())
            .or_else(|| label.and_then(Text::plain))
            .unwrap_or_default();
        text.replace("%(name)s", &choice.name).replace("%(label)s", label)
    };
    let texts = |text: &Text| match text {
        Text::Plain(text) => Text::Plain(filled(text, None)),
        Text::Translated(texts) => Text::Translated(
            texts
                .iter()
                .map(|(language, text)| (language.clone(), filled(text, Some(language))))
                .collect(),
        ),
    };
    element.name = filled(&element.name, None);
    for slot in [&mut element.label, &mut element.hint, &mut element.guidance] {
        *slot = slot.as_ref().map(texts);
    }
    for attributes in [&mut element.bind, &mut element.control, &mut element.instance] {
        *attributes = attributes.map(|text| filled(text, None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_begin_and_end_in_each_way_that_forms_of_the_field_write() {
        let begin = |kind, list| Some(Bound::Begin { kind, list });
        for (type_name, bound) in [
            ("begin group", begin(Section::Group, None)),
            ("begin_repeat", begin(Section::Repeat, None)),
            ("begin lgroup", begin(Section::Repeat, None)),
            ("begin looped group", begin(Section::Repeat, None)),
            (
                "begin loop over my_columns",
                begin(Section::Loop, Some("my_columns")),
            ),
            ("begin loop my_columns", begin(Section::Loop, Some("my_columns"))),
            ("end looped group", Some(Bound::End(Section::Repeat))),
            ("end_group", Some(Bound::End(Section::Group))),
            ("end", None),
            ("begin", None),
            ("begin table", None),
            ("text", None),
        ] {
            assert_eq!(Bound::of(type_name), bound, "{type_name}");
        }
    }
}
