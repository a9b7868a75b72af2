//! The sheets `choices`, `external_choices` and `osm`: what can be chosen, list by list.

use std::collections::HashSet;

use super::table::{Line, Table};
use crate::Fault;
use crate::model::{Choice, Lists};
use crate::names::is_name;
use crate::text::{Attributes, Text};

/// The name of the choice that `or_other` adds.
const OTHER: &str = "other";
/// Its label.
const OTHER_LABEL: &str = "Other";

/// Reads the lists; rows that name no list are passed over.
pub(super) fn read(table: &Table, language: &str, allow_duplicates: bool, faults: &mut Vec<Fault>) -> Lists {
    if table.lines().next().is_some() {
        table.require("name", faults);
    }
    let mut lists = Lists::default();
    let mut seen = HashSet::new();
    for line in table.lines() {
        let Some(list) = line.get("list name") else {
            continue;
        };
        let Some(name) = line.get("name") else {
            faults.push(Fault::at("forms.choice_without_name", line.place(&["name"])).fact("list", list));
            continue;
        };
        if !allow_duplicates && !seen.insert((list.to_owned(), name.to_owned())) {
            faults.push(
                Fault::at("forms.duplicate_choice", line.place(&["name"]))
                    .value(name)
                    .fact("list", list),
            );
        }
        lists.push(list, choice(line, name, language, faults));
    }
    lists
}

fn choice(line: Line<'_>, name: &str, language: &str, faults: &mut Vec<Fault>) -> Choice {
    let mut choice = Choice {
        name: name.to_owned(),
        label: None,
        media: Attributes::default(),
        extra: Vec::new(),
        row: line.number(),
    };
    let mut sms_option = None;
    for (path, cell) in line.cells() {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["name" | "list name"] => {}
            ["label"] => choice.label = Some(Text::Plain(cell.to_owned())),
            ["label", said] => Text::say(&mut choice.label, Some(said), cell.to_owned(), language),
            ["media", kind] => choice.media.say(kind, None, cell.to_owned(), language),
            ["media", kind, said] => choice.media.say(kind, Some(said), cell.to_owned(), language),
            ["sms_option"] => sms_option = Some(("sms_option".to_owned(), cell.to_owned())),
            // A header with a blank is a note of the author.
            [column] if column.contains(' ') => {}
            [column] if is_name(column) => choice.extra.push(((*column).to_owned(), cell.to_owned())),
            [column] => faults.push(Fault::at("forms.bad_name", line.place(&[column])).value(column)),
            _ => {}
        }
    }
    choice.extra.extend(sms_option);
    choice
}

/// Adds the choice `other` to a list that has none, in every language the list has.
pub(super) fn add_other(lists: &mut Lists, name: &str) {
    let Some(list) = lists.get_mut(name) else { return };
    if list.choices.iter().any(|choice| choice.name == OTHER) {
        return;
    }
    let mut languages: Vec<(String, String)> = Vec::new();
    for (language, _) in list
        .choices
        .iter()
        .filter_map(|choice| match &choice.label {
            Some(Text::Translated(texts)) => Some(texts),
            _ => None,
        })
        .flatten()
    {
        if !languages.iter().any(|(other, _)| other == language) {
            languages.push((language.clone(), OTHER_LABEL.to_owned()));
        }
    }
    let label = if languages.is_empty() {
        Text::Plain(OTHER_LABEL.to_owned())
    } else {
        Text::Translated(languages)
    };
    let row = list.choices.last().map_or(0, |choice| choice.row);
    list.choices.push(Choice {
        name: OTHER.to_owned(),
        label: Some(label),
        media: Attributes::default(),
        extra: Vec::new(),
        row,
    });
}

/// The sheet `external_choices` as the file `itemsets.csv`, every field in quotes.
pub(super) fn itemsets(table: &Table) -> String {
    let quoted = |fields: &mut dyn Iterator<Item = &str>| {
        let fields: Vec<String> = fields
            .map(|field| format!("\"{}\"", field.replace('"', "\"\"")))
            .collect();
        fields.join(",") + "\r\n"
    };
    let mut text = quoted(&mut table.headers());
    for line in table.lines() {
        text.push_str(&quoted(&mut line.texts()));
    }
    text
}
