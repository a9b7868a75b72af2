//! What can only be said of the form as a whole: that names are unique where they must be, and that what is referred to
//! is there.

use std::collections::{HashMap, HashSet};

use super::table::{Line, Table};
use crate::model::{Form, ItemSource, Part};
use crate::references::{malformed, references as all_references};
use crate::{Fault, Place};

/// Columns of the survey whose texts are not looked at for references, or by rules of their own.
const WITHOUT_REFERENCES: [&str; 2] = ["name", "trigger"];

/// Names: no two alike in one group, no two repeats alike, no repeat like the root, no two files alike.
pub(super) fn names(form: &Form, faults: &mut Vec<Fault>) {
    let place = |row: u32| Place::Cell {
        sheet: "survey".to_owned(),
        row,
        column: "name".to_owned(),
    };
    let mut seen = HashSet::new();
    let mut repeats: HashSet<&str> = HashSet::from([form.settings.root.as_str()]);
    let mut files = HashSet::new();
    for element in form.elements.iter().skip(1) {
        let name = element.name.as_str();
        let is_new = match element.part {
            Part::Repeat => seen.insert((element.parent, name)) & repeats.insert(name),
            Part::External(_) => files.insert(name),
            _ => seen.insert((element.parent, name)),
        };
        if !is_new {
            faults.push(Fault::at("forms.duplicate_name", place(element.row)).value(name));
        }
    }
    one_source_for_an_instance(form, faults);
    one_way_for_a_list(form, faults);
}

/// A list whose choices `search()` replaces serves no question without it.
fn one_way_for_a_list(form: &Form, faults: &mut Vec<Fault>) {
    let selects = || {
        form.elements.iter().filter_map(|element| {
            let question = element
                .question()
                .filter(|question| question.kind.control != Some("range"))?;
            Some((element, &question.items.as_ref()?.source))
        })
    };
    let plain: HashSet<&str> = selects()
        .filter_map(|(_, source)| match source {
            ItemSource::List(list) => Some(list.as_str()),
            _ => None,
        })
        .collect();
    for (element, source) in selects() {
        if let ItemSource::Searched(list) = source
            && plain.contains(list.as_str())
        {
            let place = Place::Row {
                sheet: "survey".to_owned(),
                row: element.row,
            };
            faults.push(Fault::at("forms.two_searches", place).value(list));
        }
    }
}

/// An instance has one source; a list of choices and a file of the same name would be two.
fn one_source_for_an_instance(form: &Form, faults: &mut Vec<Fault>) {
    for element in &form.elements {
        let file = match &element.part {
            Part::External(_) => Some(element.name.as_str()),
            Part::Question(question) => question.items.as_ref().and_then(|items| match &items.source {
                ItemSource::File(file) => file.rsplit_once('.').map(|(stem, _)| stem),
                _ => None,
            }),
            _ => None,
        };
        if let Some(name) = file.filter(|name| form.lists.get(name).is_some()) {
            let place = Place::Row {
                sheet: "survey".to_owned(),
                row: element.row,
            };
            faults.push(Fault::at("forms.two_sources", place).value(name));
        }
    }
}

/// References: well formed, and each to one question or group. `tables` are the settings, the choices and the survey.
pub(super) fn references(
    form: &Form,
    triggers: &[(String, Place)],
    tables: [&Option<Table>; 3],
    faults: &mut Vec<Fault>,
) {
    let mut known: HashMap<&str, u32> = HashMap::new();
    for element in form
        .elements
        .iter()
        .skip(1)
        .filter(|element| !matches!(element.part, Part::External(_)))
    {
        *known.entry(element.name.as_str()).or_default() += 1;
    }
    let mut check = |line: Line<'_>, path: &[String], cell: &str| {
        if let Some(wrong) = malformed(cell) {
            faults.push(Fault::at("forms.bad_reference", line.place_of(path)).value(wrong));
        }
        for reference in all_references(cell) {
            let code = match known.get(reference.name) {
                Some(1) => continue,
                None => "forms.unknown_reference",
                Some(_) => "forms.ambiguous_reference",
            };
            faults.push(Fault::at(code, line.place_of(path)).value(reference.name));
        }
    };
    let [settings, choices, survey] = tables;
    for line in settings
        .iter()
        .flat_map(Table::lines)
        .take(1)
        .chain(survey.iter().flat_map(Table::lines))
    {
        for (path, cell) in line.cells() {
            if path
                .first()
                .is_some_and(|first| !WITHOUT_REFERENCES.contains(&first.as_str()))
            {
                check(line, path, cell);
            }
        }
    }
    for line in choices.iter().flat_map(Table::lines) {
        for (path, cell) in line.cells() {
            if path
                .first()
                .is_some_and(|first| first == "label" || first == "media")
            {
                check(line, path, cell);
            }
        }
    }
    triggers_are_seen(form, triggers, faults);
}

/// What sets off another question is a question that a person answers.
fn triggers_are_seen(form: &Form, triggers: &[(String, Place)], faults: &mut Vec<Fault>) {
    let mut questions: HashMap<&str, bool> = HashMap::new();
    for element in form
        .elements
        .iter()
        .filter(|element| element.question().is_some())
    {
        let unseen = element
            .question()
            .is_some_and(|question| question.kind.control.is_some())
            && !element.is_visible();
        let unseen = unseen
            || element
                .question()
                .is_some_and(|question| question.type_name == "calculate");
        questions.insert(&element.name, !unseen);
    }
    for (name, place) in triggers {
        let code = match questions.get(name.as_str()) {
            Some(true) => continue,
            Some(false) => "forms.unseen_trigger",
            None => "forms.unknown_reference",
        };
        faults.push(Fault::at(code, place.clone()).value(name));
    }
}
