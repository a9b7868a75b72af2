//! The form `household` as the page of the registry has it: each answer under the name of its field, so that both go one way.

use forms::{Skeleton, Values};
use registry::HouseholdId;

use crate::form::Fields;

/// What is asked once: where in the form, and the names of its answers, which are those of the page's fields.
const ONCE: [(&str, &[&str]); 4] = [
    ("home", &["place", "since", "cause", "land"]),
    (
        "income",
        &["year", "wages", "operating", "property", "transfer", "costs"],
    ),
    (
        "guarantees",
        &["food", "clothing", "education", "medical", "housing", "water"],
    ),
    ("exclusion_list", &["exclusions"]),
];
/// What is asked of each person; of all but the head, how they stand to the head.
const PERSON: [&str; 10] = [
    "name",
    "resident_id",
    "phone",
    "birth_on",
    "sex",
    "labour",
    "work",
    "health",
    "disability",
    "schooling",
];

/// What was filled in, as if it had been typed into the page's form.
pub(crate) fn typed(form: &Skeleton, values: &Values, household: HouseholdId) -> Fields {
    let root = format!("/{}", form.root());
    let mut pairs = vec![("key".to_owned(), household.to_string())];
    let mut say = |name: &str, value: Option<&str>| {
        pairs.push((name.to_owned(), value.unwrap_or_default().to_owned()));
    };
    for (group, names) in ONCE {
        for name in names {
            say(name, values.one(&format!("{root}/{group}/{name}")));
        }
    }
    let more = values.one(&format!("{root}/home/more_cause")).unwrap_or_default();
    for cause in more.split_whitespace() {
        say("more_cause", Some(cause));
    }
    for name in PERSON {
        say(name, values.one(&format!("{root}/head/{name}")));
    }
    let member = format!("{root}/member");
    for number in 1..=values.instances(&member, &[]) {
        for name in PERSON.iter().chain(&["relation"]) {
            say(name, values.at(&format!("{member}/{name}"), &[number]));
        }
    }
    pairs.into_iter().collect()
}
