//! The type `range`: a slider from a start to an end by steps, perhaps with ticks and words at them.

use super::decimal::Decimal;
use super::parameters::{Parameters, broken};
use super::survey::Survey;
use super::table::Line;
use crate::Fault;
use crate::model::{Element, ItemSource, Items, Order, Part};

const TICKS: &str = "tick_interval";
const PLACEHOLDER: &str = "placeholder";
const LABELS: &str = "tick_labelset";

/// A scale whose numbers could be read.
struct Scale {
    start: Decimal,
    end: Decimal,
    step: Decimal,
    ticks: Option<Decimal>,
    placeholder: Option<Decimal>,
}

impl Scale {
    fn contains(&self, value: Decimal) -> bool {
        self.start.min(self.end) <= value && value <= self.start.max(self.end)
    }

    /// The rules of a scale, each with the parameter that breaks it.
    fn broken_rules(&self) -> Vec<(&'static str, &'static str)> {
        let width = self.start.distance(self.end);
        let mut rules = Vec::new();
        let steps = [("step", Some(self.step)), (TICKS, self.ticks)];
        for (name, step) in steps.into_iter().filter_map(|(name, step)| Some((name, step?))) {
            if step == Decimal::ZERO {
                rules.push((name, "!= 0"));
            } else if step > width {
                rules.push((name, "<= |end - start|"));
            }
        }
        if self.ticks.is_some_and(|ticks| !ticks.is_multiple_of(self.step)) {
            rules.push((TICKS, "n * step"));
        }
        if let Some(value) = self.placeholder {
            if !value.distance(self.start).is_multiple_of(self.step) {
                rules.push((PLACEHOLDER, "start + n * step"));
            }
            if !self.contains(value) {
                rules.push((PLACEHOLDER, "start ... end"));
            }
        }
        rules
    }

    fn is_whole(&self) -> bool {
        let all = [
            Some(self.start),
            Some(self.end),
            Some(self.step),
            self.ticks,
            self.placeholder,
        ];
        all.into_iter().flatten().all(Decimal::is_whole)
    }
}

impl Survey<'_> {
    /// The parameters of a range.
    pub(super) fn range(&mut self, element: &mut Element, parameters: &Parameters, line: Line<'_>) {
        let known = ["end", PLACEHOLDER, "start", "step", TICKS, LABELS];
        parameters.require_known(&known, line, self.faults);
        let appearance = element.control.plain("appearance").unwrap_or_default().to_owned();
        let takes_ticks =
            appearance.is_empty() || appearance.contains("vertical") || appearance.contains("no-ticks");
        for name in [TICKS, PLACEHOLDER, LABELS] {
            if let Some(value) = parameters.get(name).filter(|_| !takes_ticks) {
                self.faults.push(broken(line, name, value, "vertical | no-ticks"));
            }
        }
        let of = |name: &'static str, default: Option<&'static str>| parameters.get(name).or(default);
        let given = [
            ("start", "start", of("start", Some("1"))),
            ("end", "end", of("end", Some("10"))),
            ("step", "step", of("step", Some("1"))),
            (TICKS, "odk:tick-interval", of(TICKS, None)),
            (PLACEHOLDER, "odk:placeholder", of(PLACEHOLDER, None)),
        ];
        let mut numbers = [None; 5];
        for ((name, attribute, value), number) in given.into_iter().zip(&mut numbers) {
            let Some(value) = value else { continue };
            *number = Decimal::parse(value);
            if number.is_none() {
                self.faults.push(broken(line, name, value, "0-9"));
            }
            element.control.set(attribute, value);
        }
        let [Some(start), Some(end), Some(step), ticks, placeholder] = numbers else {
            return;
        };
        let scale = Scale {
            start,
            end,
            step,
            ticks,
            placeholder,
        };
        for (name, rule) in scale.broken_rules() {
            self.faults
                .push(broken(line, name, parameters.get(name).unwrap_or("1"), rule));
        }
        if !scale.is_whole() {
            element.bind.set("type", "decimal");
        }
        if let Some(list) = parameters.get(LABELS) {
            self.tick_labels(element, &scale, list, appearance.contains("no-ticks"), line);
        }
    }

    fn tick_labels(
        &mut self,
        element: &mut Element,
        scale: &Scale,
        name: &str,
        no_ticks: bool,
        line: Line<'_>,
    ) {
        let Some(list) = self.lists.get(name) else {
            self.faults
                .push(Fault::at("forms.unknown_list", line.place(&["parameters"])).value(name));
            return;
        };
        let step = scale.ticks.unwrap_or(scale.step);
        let values: Vec<Option<Decimal>> = list
            .choices
            .iter()
            .map(|choice| Decimal::parse(&choice.name))
            .collect();
        let fits = |value: Decimal| scale.contains(value) && value.distance(scale.start).is_multiple_of(step);
        let is_end = |value: &Option<Decimal>| *value == Some(scale.start) || *value == Some(scale.end);
        if !values.iter().all(|value| value.is_some_and(fits)) {
            self.faults.push(broken(line, LABELS, name, "start + n * step"));
        } else if no_ticks && !(values.iter().all(is_end) && values.len() >= 2) {
            self.faults.push(broken(line, LABELS, name, "start, end"));
        }
        if let Part::Question(question) = &mut element.part {
            question.items = Some(Items {
                source: ItemSource::List(name.to_owned()),
                value: None,
                label: None,
                filter: None,
                order: Order::AsListed,
            });
        }
    }
}
