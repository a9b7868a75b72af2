//! What was answered: the values of one submission, in the order of its XML.

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it stands in the form: `/data/member/name`, without the numbers of repeats.
    pub path: String,
    /// Which instance of each repeat around it, from the outside in, counted from 1.
    pub repeats: Vec<u32>,
    /// The text, without blanks around it; empty where nothing was answered.
    pub text: String,
}

/// The values of one submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(Vec<Value>);

impl Values {
    pub(crate) fn push(&mut self, value: Value) {
        self.0.push(value);
    }

    /// All of them, in the order of the XML.
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.0.iter()
    }

    /// The first answer at a path; none where it is empty or absent.
    pub fn one(&self, path: &str) -> Option<&str> {
        let answer = self
            .0
            .iter()
            .find(|value| value.path == path && !value.text.is_empty());
        answer.map(|value| value.text.as_str())
    }

    /// Every value at a path: one for each instance of the repeats around it.
    pub fn each(&self, path: &str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |value| value.path == path)
    }

    /// The answer at a path inside given instances of repeats: `at("/data/member/name", &[2])`.
    pub fn at(&self, path: &str, repeats: &[u32]) -> Option<&str> {
        let answer = self
            .0
            .iter()
            .find(|value| value.path == path && value.repeats == repeats);
        answer
            .map(|value| value.text.as_str())
            .filter(|text| !text.is_empty())
    }

    /// How many instances of a repeat there are inside given instances of the repeats around it.
    pub fn instances(&self, repeat: &str, around: &[u32]) -> u32 {
        let inside = self.0.iter().filter(|value| {
            let below = value
                .path
                .strip_prefix(repeat)
                .is_some_and(|rest| rest.starts_with('/'));
            below && value.repeats.starts_with(around)
        });
        inside
            .filter_map(|value| value.repeats.get(around.len()).copied())
            .max()
            .unwrap_or(0)
    }
}
