//! The other instances: files that expressions read, the last submission that was saved, and the lists of choices.

use super::itext::is_searched;
use super::paths::{LAST_SAVED, Paths};
use super::xml::Xml;
use crate::model::{ChoiceList, Element, Form, ItemSource, Part};
use crate::references::has_last_saved;
use crate::text::Text;

/// Attributes of a bind whose expressions may read files.
const EXPRESSIONS: [&str; 5] = ["calculate", "constraint", "readonly", "required", "relevant"];

/// The instances of a form behind its primary one; each once.
pub(super) fn secondary(form: &Form, paths: &Paths<'_>) -> Vec<Xml> {
    let mut found: Vec<(String, String)> = Vec::new();
    for element in &form.elements {
        found.extend(pulled(element));
        match &element.part {
            Part::External(ending) => found.push(file(&element.name, &format!("{}.{ending}", element.name))),
            Part::Question(question) => {
                if let Some(ItemSource::File(name)) = question.items.as_ref().map(|items| &items.source) {
                    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                    found.push(file(stem, name));
                }
            }
            _ => {}
        }
    }
    if form.elements.iter().any(reads_last_saved) {
        found.push((LAST_SAVED.to_owned(), "jr://instance/last-saved".to_owned()));
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|(id, _)| seen.insert(id.clone()));
    let mut instances: Vec<Xml> = found
        .into_iter()
        .map(|(id, source)| Xml::new("instance").with("id", id).with("src", source))
        .collect();
    let searched: std::collections::HashSet<&str> = form
        .elements
        .iter()
        .filter_map(|element| element.question()?.items.as_ref().and_then(is_searched))
        .collect();
    let lists = form
        .lists
        .iter()
        .filter(|list| !searched.contains(list.name.as_str()) && !seen.contains(&list.name));
    instances.extend(lists.map(|list| choices(list, paths)));
    instances
}

fn file(id: &str, name: &str) -> (String, String) {
    let folder = if name.rsplit_once('.').is_some_and(|(_, ending)| ending == "csv") {
        "file-csv"
    } else {
        "file"
    };
    (id.to_owned(), format!("jr://{folder}/{name}"))
}

/// The files that `pulldata('file', …)` reads in the expressions of an element.
fn pulled(element: &Element) -> Vec<(String, String)> {
    let mut ids = Vec::new();
    let question = element.question();
    let binds = EXPRESSIONS.iter().filter_map(|name| element.bind.plain(name));
    let filter = question.and_then(|question| question.items.as_ref()?.filter.as_deref());
    let default = question.and_then(|question| question.default.as_deref());
    for expression in binds
        .chain(filter)
        .chain(default)
        .filter(|expression| expression.contains("pulldata("))
    {
        for (at, call) in expression.match_indices("pulldata") {
            let behind = expression.get(at + call.len()..).unwrap_or_default().trim_start();
            let first = behind
                .strip_prefix('(')
                .and_then(|arguments| arguments.split_once(','));
            if let Some((first, _)) = first {
                let id = first.replace(['\'', '"'], "").trim().to_owned();
                ids.push(file(&id, &format!("{id}.csv")));
            }
        }
    }
    ids
}

fn reads_last_saved(element: &Element) -> bool {
    let Some(question) = element.question() else {
        return false;
    };
    let items = question.items.as_ref().and_then(|items| items.filter.as_deref());
    let query = question.query.as_ref().and_then(|(_, filter)| filter.as_deref());
    let binds = EXPRESSIONS.iter().filter_map(|name| element.bind.plain(name));
    binds
        .chain(items)
        .chain(query)
        .chain(question.default.as_deref())
        .any(has_last_saved)
}

fn choices(list: &ChoiceList, paths: &Paths<'_>) -> Xml {
    let needs_itext = paths.needs_itext(&list.name);
    let mut root = Xml::new("root");
    for (number, choice) in list.choices.iter().enumerate() {
        let mut item = Xml::new("item");
        if needs_itext {
            item.push(Xml::new("itextId").text(format!("{}-{number}", list.name)));
        }
        item.push(Xml::new("name").text(&choice.name));
        if let Some(label) = choice
            .label
            .as_ref()
            .and_then(Text::plain)
            .filter(|_| !needs_itext)
        {
            item.push(Xml::new("label").text(label));
        }
        for (column, text) in &choice.extra {
            item.push(Xml::new(column).text(text));
        }
        paths.budget.spend(list.name.len());
        root.push(item);
    }
    Xml::new("instance").with("id", &list.name).child(root)
}
