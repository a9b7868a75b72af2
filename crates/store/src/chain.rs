//! How facts are linked: the bytes that are hashed, and the walk that checks them.
//!
//! The hash of a fact is SHA-256 over these bytes and nothing else, so that anyone can compute it again from the
//! columns of the table `facts` without this program:
//!
//! ```text
//! "fishpond fact 1\n"                                            16 bytes
//! number(seq) text(id) text(kind) number(recorded_at)
//! text(actor) text(actor_role) maybe(place_code) maybe(amount_fen)
//! text(evidence) text(body) text(previous_hash)
//! ```
//! Fields are written as [`FieldHasher`] says.
//!
//! `evidence` and `body` are JSON text exactly as it stands in its column: compact, the names of objects sorted.
//! They are kept as text and not as the database's JSON, which would be free to write them in another way.
//! `previous_hash` of the first fact is 64 zeros; hashes are lower-case hexadecimal.
//!
//! What the chain shows: a row that was changed, taken out, put in or moved. Rows cut off the end are shown by the
//! head that is kept beside the journal; whoever can change that too is caught by a head that was published
//! earlier, in a report or a backup.

use kernel::{Fault, Refusal};
use serde_json::Value;

use crate::facts::{FactHead, RecordedFact};
use crate::hashing::FieldHasher;

/// What stands before the first fact.
pub(crate) const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// A walk stops after this many findings: the journal is lost long before.
const FINDINGS: usize = 1_000;

/// The columns of a fact as they are hashed.
pub(crate) struct Columns<'f> {
    pub(crate) seq: i64,
    pub(crate) id: &'f str,
    pub(crate) kind: &'f str,
    pub(crate) recorded_at: i64,
    pub(crate) actor: &'f str,
    pub(crate) actor_role: &'f str,
    pub(crate) place_code: Option<i64>,
    pub(crate) amount_fen: Option<i64>,
    pub(crate) evidence: &'f str,
    pub(crate) body: &'f str,
    pub(crate) previous_hash: &'f str,
}

impl Columns<'_> {
    /// The hash of the fact, in hexadecimal.
    pub(crate) fn hash(&self) -> String {
        let mut hasher = FieldHasher::new("fishpond fact 1");
        hasher
            .number(self.seq)
            .text(self.id)
            .text(self.kind)
            .number(self.recorded_at)
            .text(self.actor)
            .text(self.actor_role)
            .maybe(self.place_code)
            .maybe(self.amount_fen)
            .text(self.evidence)
            .text(self.body)
            .text(self.previous_hash);
        hex::encode(hasher.finish())
    }
}

/// JSON in its one written form: compact, the names of every object sorted.
pub(crate) fn canonical_json(value: &Value) -> String {
    sorted(value).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(name, _)| *name);
            let entries = entries
                .into_iter()
                .map(|(name, value)| (name.clone(), sorted(value)));
            Value::Object(entries.collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// Something wrong in the journal, at one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactFinding {
    /// The number of the fact.
    pub seq: i64,
    /// `store.fact_changed`: the row is not what was hashed. `store.fact_unlinked`: it does not follow the row
    /// before it. `store.fact_missing`: a number that should be there is not. `store.facts_cut`: the newest rows
    /// are gone.
    pub code: &'static str,
}

impl FactFinding {
    /// The finding as a refusal, for its sentence in both languages.
    pub fn to_refusal(&self) -> Refusal {
        Refusal::new(self.code, Fault::Broken).fact("seq", self.seq)
    }
}

/// What a walk over the whole journal found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactsReport {
    /// How many facts were read.
    pub facts: i64,
    /// The newest fact that was read.
    pub head: Option<FactHead>,
    /// What is wrong, in the order of the journal; empty when everything holds.
    pub findings: Vec<FactFinding>,
}

/// A walk along the chain that takes one fact after another.
pub(crate) struct Walk {
    report: FactsReport,
}

impl Walk {
    pub(crate) fn new() -> Self {
        Self {
            report: FactsReport {
                facts: 0,
                head: None,
                findings: Vec::new(),
            },
        }
    }

    pub(crate) fn step(&mut self, fact: &RecordedFact) {
        let (last, previous) = match &self.report.head {
            Some(head) => (head.seq, head.hash.as_str()),
            None => (0, FIRST),
        };
        let unlinked = fact.previous_hash != previous;
        if fact.seq != last + 1 {
            self.find(last + 1, "store.fact_missing");
        } else if unlinked {
            self.find(fact.seq, "store.fact_unlinked");
        }
        if fact.columns().hash() != fact.hash {
            self.find(fact.seq, "store.fact_changed");
        }
        self.report.facts += 1;
        self.report.head = Some(FactHead {
            seq: fact.seq,
            hash: fact.hash.clone(),
        });
    }

    /// Ends the walk; `kept` is the head that is kept beside the journal.
    pub(crate) fn end(mut self, kept: Option<&FactHead>) -> FactsReport {
        if kept != self.report.head.as_ref() {
            let last = self.report.head.as_ref().map_or(0, |head| head.seq);
            let is_cut = kept.is_some_and(|kept| kept.seq > last);
            if is_cut {
                self.find(last + 1, "store.facts_cut");
            } else {
                self.find(last, "store.fact_unlinked");
            }
        }
        self.report
    }

    fn find(&mut self, seq: i64, code: &'static str) {
        if self.report.findings.len() < FINDINGS {
            self.report.findings.push(FactFinding { seq, code });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_body_has_the_same_text_whatever_the_order_of_its_names() {
        let one = json!({"b": [{"y": 1, "x": 2}], "a": "县"});
        assert_eq!(canonical_json(&one), r#"{"a":"县","b":[{"x":2,"y":1}]}"#);
    }

    #[test]
    fn the_hash_of_a_known_fact_never_changes() {
        let columns = Columns {
            seq: 1,
            id: "0",
            kind: "tests.seen",
            recorded_at: 1_530_504_000_000_000,
            actor: "system",
            actor_role: "system",
            place_code: Some(621_126),
            amount_fen: None,
            evidence: "[]",
            body: "{}",
            previous_hash: FIRST,
        };
        // Computed apart from this program, from the layout above.
        assert_eq!(
            columns.hash(),
            "fe14cf6e3cadf7b8eb4b8864eefd44df903ab84acf357daf10844b6764d86cbc"
        );
    }
}
