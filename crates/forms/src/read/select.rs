//! Questions with choices: `select_one villages`, `select_multiple needs or_other`, `select_one_from_file counties.csv`,
//! `select_one ${member}`, `rank causes`.

use super::choices::add_other;
use super::parameters::{Parameters, broken, is_number};
use super::survey::Survey;
use super::table::Line;
use crate::Fault;
use crate::model::{Element, ItemSource, Items, Order, Part, Question};
use crate::names::is_name;
use crate::references::{has_reference, only_reference};
use crate::text::Text;

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    One,
    Many,
    Rank,
    External,
}

impl Kind {
    fn type_name(self) -> &'static str {
        match self {
            Self::One => "select one",
            Self::Many => "select all that apply",
            Self::Rank => "rank",
            Self::External => "select one external",
        }
    }
}

/// The type of a question with choices, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Select<'t> {
    kind: Kind,
    from_file: bool,
    list: &'t str,
    or_other: bool,
}

const COMMANDS: [(&str, Kind, bool); 15] = [
    ("select_one", Kind::One, false),
    ("select_multiple", Kind::Many, false),
    ("select_one_from_file", Kind::One, true),
    ("select_multiple_from_file", Kind::Many, true),
    ("select one from file", Kind::One, true),
    ("select multiple from file", Kind::Many, true),
    ("select_one_external", Kind::External, false),
    ("rank", Kind::Rank, false),
    ("select1", Kind::One, false),
    ("select one", Kind::One, false),
    ("select one from", Kind::One, false),
    ("add select one prompt using", Kind::One, false),
    ("select all that apply", Kind::Many, false),
    ("select all that apply from", Kind::Many, false),
    ("add select multiple prompt using", Kind::Many, false),
];
const OR_OTHER: [&str; 3] = [" or specify other", " or_other", " or other"];
/// The endings of files that can be chosen from.
const FILES: [&str; 3] = [".csv", ".xml", ".geojson"];

impl<'t> Select<'t> {
    /// Reads the type of a row; none where it is another question.
    pub fn of(type_name: &'t str) -> Option<Self> {
        COMMANDS.iter().find_map(|(command, kind, from_file)| {
            let rest = type_name.strip_prefix(command)?.strip_prefix(' ')?;
            let other = OR_OTHER.iter().find_map(|other| rest.strip_suffix(other));
            let list = other.unwrap_or(rest);
            let is_one = !list.is_empty() && !list.contains(char::is_whitespace);
            is_one.then_some(Self {
                kind: *kind,
                from_file: *from_file,
                list,
                or_other: other.is_some(),
            })
        })
    }

    /// Whether a type is that of a question with choices, but for the list it should name.
    pub fn is_without_list(type_name: &str) -> bool {
        COMMANDS.iter().any(|(command, ..)| *command == type_name)
    }

    fn is_file(&self) -> bool {
        FILES.iter().any(|ending| self.list.ends_with(ending))
    }
}

impl Survey<'_> {
    /// Reads a question with choices.
    pub(super) fn select(&mut self, type_name: &str, name: &str, line: Line<'_>) {
        let Some(select) = Select::of(type_name) else {
            return;
        };
        let filter = line.get("choice_filter").map(str::to_owned);
        self.require_list(&select, line);
        if select.or_other {
            if filter.is_some() {
                self.fault("forms.filter_with_other", line, &["choice_filter"]);
            }
            add_other(&mut self.lists, select.list);
        }
        let mut question = Question::of_type(select.kind.type_name());
        if select.kind == Kind::External {
            question.query = Some((select.list.to_owned(), filter));
        } else {
            question.items = Some(self.items(&select, filter, line));
        }
        let mut element = self.asked(name, question, line);
        self.join_table(&select, &mut element, line);
        self.mark_search(&select, &mut element, line);
        self.require_label(&element, line);
        self.push(element);
        if select.or_other {
            let other = Self::other(name, line.number());
            self.push(other);
        }
    }

    fn require_list(&mut self, select: &Select<'_>, line: Line<'_>) {
        let place = line.place(&["type"]);
        let file_fits = select.is_file() && select.list.matches('.').count() == 1;
        if select.from_file && !file_fits {
            self.faults.push(
                Fault::at("forms.bad_choice_file", place)
                    .value(select.list)
                    .fact("known", FILES.join(", ")),
            );
            return;
        }
        let list = if select.kind == Kind::External {
            &self.external
        } else {
            &self.lists
        };
        let Some(list) = list.get(select.list) else {
            let elsewhere = select.is_file() || has_reference(select.list);
            if !elsewhere || select.or_other || select.kind == Kind::External {
                self.faults
                    .push(Fault::at("forms.unknown_list", place).value(select.list));
            }
            return;
        };
        if select.kind == Kind::Many {
            let spaced = list.choices.iter().filter(|choice| choice.name.contains(' '));
            let sheet = "choices".to_owned();
            self.faults.extend(spaced.map(|choice| {
                let place = crate::Place::Cell {
                    sheet: sheet.clone(),
                    row: choice.row,
                    column: "name".to_owned(),
                };
                Fault::at("forms.choice_with_blank", place)
                    .value(&choice.name)
                    .fact("list", select.list)
            }));
        }
    }

    fn items(&mut self, select: &Select<'_>, filter: Option<String>, line: Line<'_>) -> Items {
        let parameters = Parameters::of(line, self.faults);
        let known: &[&str] = if select.from_file {
            &["label", "randomize", "seed", "value"]
        } else {
            &["randomize", "seed"]
        };
        parameters.require_known(known, line, self.faults);
        let source = match select.list {
            file if select.is_file() => ItemSource::File(file.to_owned()),
            answers if has_reference(answers) => ItemSource::Answers(answers.to_owned()),
            list => ItemSource::List(list.to_owned()),
        };
        let mut named = |name| {
            parameters
                .held(name, "a-z 0-9 _", is_name, line, self.faults)
                .map(str::to_owned)
        };
        let (value, label) = (named("value"), named("label"));
        Items {
            source,
            value,
            label,
            filter,
            order: self.order(&parameters, line),
        }
    }

    fn order(&mut self, parameters: &Parameters, line: Line<'_>) -> Order {
        let is_random = parameters.word("randomize", "true | false", line, self.faults);
        let is_seed = |value: &str| is_number(value) || only_reference(value).is_some();
        let seed = parameters.held("seed", "0-9 | ${name}", is_seed, line, self.faults);
        if let Some(seed) = seed.filter(|_| is_random.is_none()) {
            self.faults.push(broken(line, "seed", seed, "randomize=true"));
        }
        if is_random == Some("true") {
            Order::Random(seed.map(str::to_owned))
        } else {
            Order::AsListed
        }
    }

    /// A question of a table shows no labels of choices; before the first, a question that is never answered shows them.
    fn join_table(&mut self, select: &Select<'_>, element: &mut Element, line: Line<'_>) {
        let Some(table) = self.table_list.clone() else {
            return;
        };
        if table.is_empty() {
            if line.get("choice_filter").is_some() {
                self.fault("forms.filter_in_table", line, &["choice_filter"]);
            }
            let header = Self::table_header(select, line.number());
            self.push(header);
            self.table_list = Some(select.list.to_owned());
        } else if table != select.list {
            let fault = Fault::at("forms.two_lists_in_table", line.place(&["type"]));
            self.faults.push(fault.value(select.list).fact("list", table));
        }
        element.control.set("appearance", "list-nolabel");
    }

    fn table_header(select: &Select<'_>, row: u32) -> Element {
        let mut question = Question::of_type(select.kind.type_name());
        question.items = Some(Items {
            source: ItemSource::List(select.list.to_owned()),
            value: None,
            label: None,
            filter: None,
            order: Order::AsListed,
        });
        let bind = question.kind.bind;
        let name = format!("reserved_name_for_field_list_labels_{row}");
        let mut header = Element::new(name, row, Part::Question(Box::new(question)));
        for (name, value) in bind {
            header.bind.set(name, *value);
        }
        header.control.set("appearance", "label");
        header
    }

    /// Choices that `search()` replaces stand in the body.
    fn mark_search(&mut self, select: &Select<'_>, element: &mut Element, line: Line<'_>) {
        let searches = element.control.plain("appearance").is_some_and(|appearance| {
            appearance
                .find("search(")
                .is_some_and(|at| appearance.get(at..).is_some_and(|rest| rest.contains(')')))
        });
        let Part::Question(question) = &mut element.part else {
            return;
        };
        let Some(items) = question.items.as_mut().filter(|_| searches) else {
            return;
        };
        match &items.source {
            ItemSource::List(list) => items.source = ItemSource::Searched(list.clone()),
            _ => self.faults.push(
                Fault::at("forms.search_in_file", line.place(&["control", "appearance"])).value(select.list),
            ),
        }
    }

    fn other(name: &str, row: u32) -> Element {
        let mut other = Element::new(
            format!("{name}_other"),
            row,
            Part::Question(Box::new(Question::of_type("text"))),
        );
        other.label = Some(Text::Plain("Specify other.".to_owned()));
        other.bind.set("type", "string");
        other
            .bind
            .set("relevant", format!("selected(../{name}, 'other')"));
        other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_a_select_names_its_list_in_each_of_its_ways() {
        for (type_name, kind, list, or_other) in [
            ("select_one yes_no", Kind::One, "yes_no", false),
            ("select one from yes_no", Kind::One, "yes_no", false),
            ("select one yes_no", Kind::One, "yes_no", false),
            ("select1 yes_no", Kind::One, "yes_no", false),
            ("select_multiple needs or_other", Kind::Many, "needs", true),
            (
                "select all that apply from needs or specify other",
                Kind::Many,
                "needs",
                true,
            ),
            ("select_one_from_file a.csv", Kind::One, "a.csv", false),
            ("select_one ${member}", Kind::One, "${member}", false),
            ("select_one_external towns", Kind::External, "towns", false),
            ("rank causes", Kind::Rank, "causes", false),
        ] {
            let select = Select::of(type_name).unwrap();
            assert_eq!(
                (select.kind, select.list, select.or_other),
                (kind, list, or_other),
                "{type_name}"
            );
        }
        for other in [
            "select_one",
            "text",
            "select_one a b",
            "ranking a",
            "select_one  ",
        ] {
            assert_eq!(Select::of(other), None, "{other}");
        }
    }
}
