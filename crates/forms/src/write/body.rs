//! The controls by which a form is asked.

use std::collections::HashMap;

use super::binds::actions;
use super::items::items;
use super::labels::{filled, label, label_and_hint};
use super::paths::{How, Paths};
use super::xml::Xml;
use crate::model::{Element, Form, Part, Question};
use crate::text::Attributes;

/// The body of a form while it is written.
pub(super) struct Body<'f> {
    form: &'f Form,
    paths: &'f Paths<'f>,
    /// What each question sets off: the questions behind it.
    set_off: HashMap<&'f str, Vec<usize>>,
}

impl<'f> Body<'f> {
    /// Of a form.
    pub fn of(form: &'f Form, paths: &'f Paths<'f>) -> Self {
        let mut set_off: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, element) in form.elements.iter().enumerate() {
            for trigger in element.question().iter().flat_map(|question| &question.triggers) {
                set_off.entry(trigger.as_str()).or_default().push(index);
            }
        }
        Self { form, paths, set_off }
    }

    /// As XML.
    pub fn xml(&self) -> Xml {
        let mut body = Xml::new("h:body");
        if let Some(style) = &self.form.settings.style {
            body.set("class", style);
        }
        self.push_children(0, &mut body);
        body
    }

    fn push_children(&self, of: usize, xml: &mut Xml) {
        for &child in self.paths.children(of) {
            let Some(element) = self.form.elements.get(child) else {
                continue;
            };
            let control = match &element.part {
                Part::Question(question) => self.control(child, element, question),
                Part::Repeat => Some(self.repeat(child, element)),
                Part::Group | Part::Loop => Some(self.group(child, element)),
                Part::Root | Part::Meta | Part::External(_) => None,
            };
            if let Some(control) = control {
                xml.push(control);
            }
        }
    }

    fn group(&self, index: usize, element: &Element) -> Xml {
        let mut group = self.attributed(Xml::new("group"), &element.control, index);
        if let Some(appearance) = element.control.plain("appearance") {
            group.set("appearance", appearance);
        }
        group.set("ref", self.paths.path(index));
        if element.label.is_some() {
            group.push(label(index, element, self.paths));
        }
        self.push_children(index, &mut group);
        group
    }

    fn repeat(&self, index: usize, element: &Element) -> Xml {
        let repeat = Xml::new("repeat").with("nodeset", self.paths.path(index));
        let mut repeat = self.attributed(repeat, &element.control, index);
        self.push_children(index, &mut repeat);
        self.push_new_instance(index, &mut repeat);
        let label = label(index, element, self.paths);
        Xml::new("group")
            .with("ref", self.paths.path(index))
            .child(label)
            .child(repeat)
    }

    /// What is worked out for each new instance of a repeat; a repeat inside it does so itself.
    fn push_new_instance(&self, of: usize, repeat: &mut Xml) {
        for &child in self.paths.children(of) {
            let Some(element) = self.form.elements.get(child) else {
                continue;
            };
            match element.part {
                Part::Question(_) => {
                    for action in actions(child, element, true, self.paths) {
                        repeat.push(action);
                    }
                }
                Part::Repeat => {}
                _ => self.push_new_instance(child, repeat),
            }
        }
    }

    fn control(&self, index: usize, element: &Element, question: &Question) -> Option<Xml> {
        let name = question.kind.control.filter(|_| element.is_visible())?;
        let mut control = Xml::new(name).with("ref", self.paths.path(index));
        for part in label_and_hint(index, element, self.paths) {
            control.push(part);
        }
        let mut control = self.attributed(control, &element.control, index);
        if let Some((list, filter)) = &question.query {
            let how = How {
                from_current: true,
                by_repeat: false,
            };
            let filter = filter
                .as_ref()
                .map(|filter| format!("[{}]", self.paths.insert(filter, Some(index), how)));
            control.set(
                "query",
                format!("instance('{list}')/root/item{}", filter.unwrap_or_default()),
            );
        }
        for (key, text) in &question.tags {
            let tag = Xml::new("tag").with("key", key);
            let label = text.as_ref().and_then(|text| text.plain()).unwrap_or_default();
            control.push(tag.child(filled(Xml::new("label"), label, None, self.paths)));
        }
        for part in question
            .items
            .iter()
            .flat_map(|chosen| items(self.form, self.paths, index, element, chosen))
        {
            control.push(part);
        }
        for action in self.set_off(index, &element.name) {
            control.push(action);
        }
        Some(control)
    }

    /// What an answer sets off: first what is worked out, then where the place is taken down.
    fn set_off(&self, index: usize, name: &str) -> Vec<Xml> {
        let (mut values, mut places) = (Vec::new(), Vec::new());
        for &target in self.set_off.get(name).into_iter().flatten() {
            let Some(element) = self.form.elements.get(target) else {
                continue;
            };
            let is_place = element
                .question()
                .is_some_and(|question| question.type_name == "background-geopoint");
            let action = Xml::new(if is_place { "odk:setgeopoint" } else { "setvalue" })
                .with("ref", self.paths.path(target))
                .with("event", "xforms-value-changed");
            if is_place {
                places.push(action);
                continue;
            }
            let expression = element
                .bind
                .plain("calculate")
                .filter(|expression| !expression.is_empty());
            values.push(match expression {
                Some(expression) => action.with(
                    "value",
                    self.paths.insert(expression, Some(index), How::default()),
                ),
                None => action,
            });
        }
        values.extend(places);
        values
    }

    fn attributed(&self, mut xml: Xml, attributes: &Attributes, index: usize) -> Xml {
        for (name, value) in attributes.iter() {
            xml.set(
                name,
                self.paths
                    .insert(value.plain().unwrap_or_default(), Some(index), How::default()),
            );
        }
        xml
    }
}
