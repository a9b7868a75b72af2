//! A form as its author means it: settings, lists of choices, and the tree of what is asked. Nothing here is XML yet,
//! and everything an author can get wrong has been held against the rules before it is one of these.

use std::collections::HashMap;

use crate::text::{Attributes, Text};
use crate::types::QuestionType;

/// What the sheet `settings` says.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The name of the root of the primary instance.
    pub root: String,
    pub id: String,
    pub title: String,
    pub version: Option<String>,
    pub default_language: String,
    /// The expression that names a submission.
    pub instance_name: Option<String>,
    /// How the id of a submission is made; none where the form has no such id.
    pub instance_id: Option<String>,
    pub style: Option<String>,
    /// Attributes of the element `submission`.
    pub submission: Vec<(&'static str, String)>,
    /// Further attributes of the root of the primary instance.
    pub attributes: Vec<(String, String)>,
    /// Further namespaces, each with its prefix.
    pub namespaces: Vec<(String, String)>,
    /// Whether choices of a list may share a name.
    pub allow_choice_duplicates: bool,
    /// Whether blanks in the cells of the survey are cleaned.
    pub clean_text_values: bool,
}

/// One choice of a list.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub name: String,
    pub label: Option<Text>,
    pub media: Attributes,
    /// What other columns say, for filters.
    pub extra: Vec<(String, String)>,
    /// The row of the sheet.
    pub row: u32,
}

/// A list of choices.
#[derive(Clone, Debug)]
pub(crate) struct ChoiceList {
    pub name: String,
    pub choices: Vec<Choice>,
}

impl ChoiceList {
    /// Whether its labels stand in the catalogue of texts: they are in several languages, have media or are filled in.
    pub fn needs_itext(&self) -> bool {
        self.choices.iter().any(|choice| {
            let filled_in = |label: &Text| label.plain().is_none_or(crate::references::has_reference);
            !choice.media.is_empty() || choice.label.as_ref().is_some_and(filled_in)
        })
    }
}

/// The lists of choices, in the order of their first rows.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    all: Vec<ChoiceList>,
    by_name: HashMap<String, usize>,
}

impl Lists {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &ChoiceList> {
        self.all.iter()
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&ChoiceList> {
        self.all.get(*self.by_name.get(name)?)
    }

    /// One of them, to change.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut ChoiceList> {
        self.all.get_mut(*self.by_name.get(name)?)
    }

    /// Adds a choice to a list.
    pub fn push(&mut self, list: &str, choice: Choice) {
        let next = self.all.len();
        let at = *self.by_name.entry(list.to_owned()).or_insert(next);
        if at == next {
            self.all.push(ChoiceList {
                name: list.to_owned(),
                choices: Vec::new(),
            });
        }
        if let Some(list) = self.all.get_mut(at) {
            list.choices.push(choice);
        }
    }
}

/// What a question with choices chooses from.
#[derive(Clone, Debug)]
pub(crate) struct Items {
    pub source: ItemSource,
    /// The element that holds the value of an item, where it is not the usual one.
    pub value: Option<String>,
    /// The element that holds its label.
    pub label: Option<String>,
    pub filter: Option<String>,
    pub order: Order,
}

/// Where items come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ItemSource {
    /// A list of the sheet `choices`.
    List(String),
    /// A list of the sheet `choices` whose items stand in the body, since `search()` replaces them there.
    Searched(String),
    /// A file beside the form.
    File(String),
    /// Answers given in a repeat: `${name}`.
    Answers(String),
    /// Shapes given in a repeat, or any other instance, to choose one on a map.
    Shapes(String),
}

/// The order of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    AsListed,
    /// At random, perhaps by a seed.
    Random(Option<String>),
}

/// What happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A default is worked out when the form is first opened.
    SetOnFirstLoad,
    /// A default is worked out for each new instance of a repeat.
    SetOnNewRepeat,
    /// The place is taken down when the form is first opened.
    LocateOnFirstLoad,
    /// Sound is recorded while the form is open.
    RecordOnLoad,
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The name of its type.
    pub type_name: String,
    pub kind: QuestionType,
    pub default: Option<String>,
    /// The questions that set this one off when they are answered.
    pub triggers: Vec<String>,
    pub items: Option<Items>,
    /// The list of `external_choices` and its filter.
    pub query: Option<(String, Option<String>)>,
    pub actions: Vec<Action>,
    /// The quality of sound recorded in the background.
    pub quality: Option<String>,
    /// The tags of an `osm` question, each with its label.
    pub tags: Vec<(String, Option<Text>)>,
}

/// What an element is.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// The root of the primary instance.
    Root,
    Group,
    Repeat,
    /// A group made of a group for each choice of a list.
    Loop,
    /// The group of what is said about the submission; it has no control.
    Meta,
    Question(Box<Question>),
    /// A file that expressions read: its ending.
    External(&'static str),
}

/// A question or a group.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub name: String,
    /// The row of the sheet `survey` it comes from.
    pub row: u32,
    pub parent: usize,
    pub label: Option<Text>,
    pub hint: Option<Text>,
    pub guidance: Option<Text>,
    pub media: Attributes,
    pub bind: Attributes,
    pub control: Attributes,
    pub instance: Attributes,
    pub part: Part,
}

impl Element {
    /// An element that no row has named yet.
    pub fn new(name: impl Into<String>, row: u32, part: Part) -> Self {
        Self {
            name: name.into(),
            row,
            parent: 0,
            label: None,
            hint: None,
            guidance: None,
            media: Attributes::default(),
            bind: Attributes::default(),
            control: Attributes::default(),
            instance: Attributes::default(),
            part,
        }
    }

    /// Its question, where it is one.
    pub fn question(&self) -> Option<&Question> {
        match &self.part {
            Part::Question(question) => Some(question),
            _ => None,
        }
    }

    /// Whether a person sees it: it has a control, and is not worked out unseen.
    pub fn is_visible(&self) -> bool {
        let Some(question) = self.question() else {
            return false;
        };
        let worked_out = self.bind.get("calculate").is_some() || !question.triggers.is_empty();
        let unseen =
            question.type_name == "calculate" || (worked_out && self.label.is_none() && self.hint.is_none());
        question.kind.control.is_some() && !unseen
    }

    /// Whether its label stands in the catalogue of texts.
    pub fn label_needs_itext(&self) -> bool {
        self.label.as_ref().is_some_and(Text::is_translated) || !self.media.is_empty()
    }
}

/// A form. Its elements stand in the order of the survey, each behind the one it stands in; the root is the first.
#[derive(Debug)]
pub(crate) struct Form {
    pub settings: Settings,
    pub lists: Lists,
    pub elements: Vec<Element>,
    /// The file `itemsets.csv` that goes with a form that has external choices.
    pub itemsets: Option<String>,
}
