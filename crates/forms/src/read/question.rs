//! A row that asks something: its type decides the control, what the node holds and which parameters are known.

use super::parameters::{Parameters, broken, is_number, is_whole};
use super::select::Select;
use super::settings::yes_no;
use super::survey::Survey;
use super::table::Line;
use crate::expression::is_dynamic;
use crate::model::{Action, Element, ItemSource, Items, Order, Part, Question};
use crate::references::references;
use crate::{Fault, types};

/// Types that pyxform knows and this compiler does not.
const NOT_SUPPORTED: [&str; 4] = ["include", "entity", "cascading select", "cascading_select"];
const TRUTH: &str = "true | false";

impl Question {
    /// A question of a type, without anything of its row.
    pub fn of_type(name: &str) -> Self {
        let kind = types::by_name(name).unwrap_or(types::QuestionType {
            control: None,
            media_type: None,
            bind: &[],
            hint: None,
        });
        Self {
            type_name: name.to_owned(),
            kind,
            default: None,
            triggers: Vec::new(),
            items: None,
            query: None,
            actions: Vec::new(),
            quality: None,
            tags: Vec::new(),
        }
    }
}

impl Survey<'_> {
    /// Reads a question.
    pub(super) fn question(&mut self, type_name: &str, name: &str, line: Line<'_>) {
        let first = type_name.split(' ').next().unwrap_or_default();
        if NOT_SUPPORTED.contains(&first) || NOT_SUPPORTED.iter().any(|known| type_name.starts_with(known)) {
            self.faults
                .push(Fault::at("forms.not_supported", line.place(&["type"])).value(type_name));
            return;
        }
        match type_name {
            "xml-external" => self.external(name, "xml", line),
            "csv-external" => self.external(name, "csv", line),
            _ if Select::of(type_name).is_some() => self.select(type_name, name, line),
            _ => self.plain_question(type_name, name, line),
        }
    }

    fn external(&mut self, name: &str, ending: &'static str, line: Line<'_>) {
        let element = Element::new(name, line.number(), Part::External(ending));
        self.push(element);
    }

    fn plain_question(&mut self, type_name: &str, name: &str, line: Line<'_>) {
        let (type_name, tags) = match type_name.strip_prefix("osm ") {
            Some(list) => ("osm", Some(list)),
            None => (type_name, None),
        };
        let by_choice = types::by_name(type_name)
            .is_some_and(|kind| matches!(kind.control, Some("select" | "select1" | "odk:rank")));
        if by_choice || Select::is_without_list(type_name) || type_name == "select one external" {
            self.faults
                .push(Fault::at("forms.no_list", line.place(&["type"])).value(type_name));
            return;
        }
        if types::by_name(type_name).is_none() {
            self.faults
                .push(Fault::at("forms.unknown_type", line.place(&["type"])).value(type_name));
            return;
        }
        let mut question = Question::of_type(type_name);
        if let Some(list) = tags.and_then(|list| self.osm.get(list)) {
            question.tags = list
                .choices
                .iter()
                .map(|tag| (tag.name.clone(), tag.label.clone()))
                .collect();
        }
        let mut element = self.asked(name, question, line);
        let parameters = Parameters::of(line, self.faults);
        self.by_type(&mut element, &parameters, line);
        self.require_label(&element, line);
        self.push(element);
    }

    /// An element that asks: what its row says over what its type says.
    pub(super) fn asked(&mut self, name: &str, mut question: Question, line: Line<'_>) -> Element {
        question.triggers = self.triggers_of(line);
        question.default = line.get("default").map(str::to_owned);
        if question
            .default
            .as_deref()
            .is_some_and(|default| is_dynamic(default, &question.type_name))
        {
            question.actions.push(Action::SetOnFirstLoad);
            if self.is_in_repeat() {
                question.actions.push(Action::SetOnNewRepeat);
            }
        }
        let kind = question.kind;
        let mut element = self.element(name, Part::Question(Box::new(question)), line);
        for (name, value) in kind.bind {
            if element.bind.get(name).is_none() {
                element.bind.set(name, *value);
            }
        }
        if let Some(media_type) = kind
            .media_type
            .filter(|_| element.control.get("mediatype").is_none())
        {
            element.control.set("mediatype", media_type);
        }
        if let Some(hint) = kind.hint.filter(|_| element.hint.is_none()) {
            element.hint = Some(crate::text::Text::Plain(hint.to_owned()));
        }
        element
    }

    /// What is asked must be said: a label, a picture or a hint.
    pub(super) fn require_label(&mut self, element: &Element, line: Line<'_>) {
        if !element.is_visible() {
            return;
        }
        let is_label = element.control.plain("appearance") == Some("label");
        if element.label.is_none() && element.media.is_empty() && element.hint.is_none() && !is_label {
            self.faults
                .push(Fault::at("forms.no_label", line.place(&["label"])).value(&element.name));
        }
        if element.media.get("big-image").is_some() && element.media.get("image").is_none() {
            self.fault("forms.big_image_alone", line, &["media", "big-image"]);
        }
    }

    fn triggers_of(&mut self, line: Line<'_>) -> Vec<String> {
        let Some(text) = line.get("trigger") else {
            return Vec::new();
        };
        let place = line.place(&["trigger"]);
        let mut names = Vec::new();
        for part in text.split(',') {
            let found: Vec<_> = references(part).collect();
            match found.as_slice() {
                [one] => names.push(one.name.to_owned()),
                _ => self
                    .faults
                    .push(Fault::at("forms.bad_trigger", place.clone()).value(part.trim())),
            }
        }
        self.triggers
            .extend(names.iter().map(|name| (name.clone(), place.clone())));
        names
    }

    fn by_type(&mut self, element: &mut Element, parameters: &Parameters, line: Line<'_>) {
        let type_name = element
            .question()
            .map(|question| question.type_name.clone())
            .unwrap_or_default();
        match type_name.as_str() {
            "calculate" => self.require_calculation(element, line),
            "range" => self.range(element, parameters, line),
            "text" => {
                parameters.require_known(&["rows"], line, self.faults);
                if let Some(rows) = parameters.held("rows", "0-9", is_whole, line, self.faults) {
                    element.control.set("rows", rows);
                }
            }
            "photo" => self.photo(element, parameters, line),
            "audio" => {
                parameters.require_known(&["quality"], line, self.faults);
                let qualities = "voice-only | low | normal | external";
                if let Some(quality) = parameters.word("quality", qualities, line, self.faults) {
                    element.bind.set("odk:quality", quality);
                }
            }
            "background-audio" => {
                parameters.require_known(&["quality"], line, self.faults);
                let quality = parameters.word("quality", "voice-only | low | normal", line, self.faults);
                if let Part::Question(question) = &mut element.part {
                    question.quality = quality.map(str::to_owned);
                    question.actions.push(Action::RecordOnLoad);
                }
            }
            "geopoint" | "geoshape" | "geotrace" => self.shape(&type_name, element, parameters, line),
            "start-geopoint" => {
                if let Part::Question(question) = &mut element.part {
                    question.actions.push(Action::LocateOnFirstLoad);
                }
            }
            "background-geopoint" => {
                if line.get("trigger").is_none() {
                    self.fault("forms.no_trigger", line, &["trigger"]);
                }
                if element.bind.get("calculate").is_some() {
                    self.fault("forms.calculation_not_taken", line, &["bind", "calculate"]);
                }
            }
            _ => {}
        }
    }

    fn require_calculation(&mut self, element: &Element, line: Line<'_>) {
        let has_default = element
            .question()
            .is_some_and(|question| question.actions.contains(&Action::SetOnFirstLoad));
        if element.bind.get("calculate").is_none() && !has_default {
            self.fault("forms.no_calculation", line, &["bind", "calculate"]);
        }
    }

    fn photo(&mut self, element: &mut Element, parameters: &Parameters, line: Line<'_>) {
        const HOME: &str = "jr://images/";
        if let Part::Question(question) = &mut element.part
            && let Some(default) = question
                .default
                .as_mut()
                .filter(|default| !default.contains(HOME))
        {
            default.insert_str(0, HOME);
        }
        parameters.require_known(&["app", "max-pixels"], line, self.faults);
        if let Some(pixels) = parameters.held("max-pixels", "0-9", is_whole, line, self.faults) {
            element.bind.set("orx:max-pixels", pixels);
        }
        let by_app = matches!(element.control.plain("appearance"), None | Some("annotate"));
        if by_app && let Some(app) = parameters.held("app", "a.b.c", is_app, line, self.faults) {
            element.control.set("intent", app);
        }
    }

    fn shape(&mut self, type_name: &str, element: &mut Element, parameters: &Parameters, line: Line<'_>) {
        let known: &[&str] = if type_name == "geopoint" {
            &[
                "allow-mock-accuracy",
                "capture-accuracy",
                "reference-geometry",
                "warning-accuracy",
            ]
        } else {
            &["allow-mock-accuracy", "incremental", "reference-geometry"]
        };
        parameters.require_known(known, line, self.faults);
        for (name, attribute) in [
            ("capture-accuracy", "accuracyThreshold"),
            ("warning-accuracy", "unacceptableAccuracyThreshold"),
        ] {
            if let Some(metres) = parameters.held(name, "0-9", is_number, line, self.faults) {
                element.control.set(attribute, metres);
            }
        }
        if parameters
            .held(
                "incremental",
                "true",
                |value| yes_no(value) == Some(true),
                line,
                self.faults,
            )
            .is_some()
        {
            element.control.set("incremental", "true");
        }
        if let Some(truth) = parameters.word("allow-mock-accuracy", TRUTH, line, self.faults) {
            element.bind.set("odk:allow-mock-accuracy", truth);
        }
        if let (Some(name), Part::Question(question)) =
            (parameters.get("reference-geometry"), &mut element.part)
        {
            question.items = Some(Items {
                source: ItemSource::Shapes(name.to_owned()),
                value: None,
                label: None,
                filter: None,
                order: Order::AsListed,
            });
        }
    }
}

/// The parameters of an audit.
pub(super) fn audit(element: &mut Element, parameters: &Parameters, line: Line<'_>, faults: &mut Vec<Fault>) {
    const PLACE: [&str; 3] = ["location-priority", "location-min-interval", "location-max-age"];
    let [priority, interval, age] = PLACE;
    let known = [
        "identify-user",
        "track-changes",
        "track-changes-reasons",
        priority,
        interval,
        age,
    ];
    parameters.require_known(&known, line, faults);
    let mut kept = vec![
        (
            "track-changes",
            parameters.word("track-changes", TRUTH, line, faults),
        ),
        (
            "track-changes-reasons",
            parameters.word("track-changes-reasons", "on-form-edit", line, faults),
        ),
        (
            "identify-user",
            parameters.word("identify-user", TRUTH, line, faults),
        ),
    ];
    let given = PLACE.iter().filter(|name| parameters.get(name).is_some()).count();
    if given == PLACE.len() {
        let is_seconds = |value: &str| value.parse::<u32>().is_ok();
        let powers = "no-power | low-power | balanced | high-accuracy";
        kept.push((priority, parameters.word(priority, powers, line, faults)));
        let seconds = [interval, age].map(|name| parameters.held(name, ">= 0", is_seconds, line, faults));
        kept.extend([(interval, seconds[0]), (age, seconds[1])]);
        let [interval_s, age_s] = seconds.map(|value| value.and_then(|value| value.parse::<u32>().ok()));
        if age_s < interval_s && age_s.is_some() {
            faults.push(broken(
                line,
                age,
                seconds[1].unwrap_or_default(),
                "location-max-age >= location-min-interval",
            ));
        }
    } else if given > 0 {
        let fault = Fault::at("forms.missing_parameter", line.place(&["parameters"]));
        faults.push(fault.fact("names", PLACE.join(", ")));
    }
    for (name, value) in kept {
        if let Some(value) = value {
            element.bind.set(&format!("odk:{name}"), value);
        }
    }
}

/// Whether a value can be the name of an Android package.
fn is_app(name: &str) -> bool {
    let is_segment = |segment: &str| {
        segment.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && segment
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    name.contains('.') && name.split('.').all(is_segment)
}
