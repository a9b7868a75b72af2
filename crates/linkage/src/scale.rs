//! Fitted weights as they are kept: two records held against each other by themselves, without the table they were fitted on.
//!
//! For the moment at which one person is written down, or a pair is looked at by whoever decides it. How common a value is,
//! is not known here: agreement on a name weighs what it weighs on average, so common names are not overrated.

use kernel::{Fault, Refusal};
use serde::{Deserialize, Serialize};

use crate::compare::{Kind, Values};
use crate::model::Model;
use crate::normal::Form;
use crate::plan::Plan;

/// What each level of each comparison weighs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Probability that two records drawn at random are of one person.
    pub prior: f64,
    /// The comparisons.
    pub comparisons: Vec<Weights>,
}

/// One comparison of a scale.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// The field, and the one it may have changed places with.
    pub fields: Vec<String>,
    /// How its values are written alike; see [`Form`].
    pub form: String,
    /// How they are compared; see [`Kind`].
    pub kind: String,
    /// Bits of each level from `equal` on.
    pub bits: Vec<f64>,
}

/// What one comparison says of two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The field.
    pub field: String,
    /// How far its values agree: the name of a level of the comparison.
    pub level: String,
    /// What that weighs, in thousandths of a bit.
    pub millibits: i64,
}

/// Two records, weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The sum of the parts, in thousandths of a bit.
    pub millibits: i64,
    /// The probability that they are of one person, in millionths.
    pub ppm: i64,
    /// Each comparison.
    pub parts: Vec<Part>,
}

impl Likeness {
    /// From what each comparison says: its field, the name of its level, and its bits.
    pub(crate) fn of(prior: f64, said: impl Iterator<Item = (String, &'static str, f64)>) -> Self {
        let (mut bits, mut parts) = (0.0, Vec::new());
        for (field, level, weight) in said {
            bits += weight;
            parts.push(Part {
                field,
                level: level.to_owned(),
                millibits: (weight * 1e3).round() as i64,
            });
        }
        let odds: f64 = (prior / (1.0 - prior)).log2() + bits;
        Self {
            millibits: (bits * 1e3).round() as i64,
            ppm: (1e6 / (1.0 + (-odds).exp2())).round() as i64,
            parts,
        }
    }
}

impl Scale {
    /// The weights that a model was fitted to.
    pub fn of(plan: &Plan, model: &Model) -> Self {
        let comparisons = plan.comparisons.iter().enumerate().map(|(place, comparison)| {
            let fields = [Some(comparison.field), comparison.partner];
            let fields = fields
                .into_iter()
                .flatten()
                .filter_map(|field| plan.fields.get(field));
            let bits = (1..comparison.kind.levels().len())
                .map(|level| model.weight(place, level).min(comparison.weight_max));
            Weights {
                form: fields
                    .clone()
                    .next()
                    .map_or("", |field| field.form.name())
                    .to_owned(),
                fields: fields.map(|field| field.name.clone()).collect(),
                kind: comparison.kind.name().to_owned(),
                bits: bits.map(|bits| (bits * 1000.0).round() / 1000.0).collect(),
            }
        });
        Self {
            prior: model.prior,
            comparisons: comparisons.collect(),
        }
    }

    /// Reads a scale that was written as TOML.
    ///
    /// Refused with `linkage.bad_settings`, `linkage.unknown_kind`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bad = |cause: String| Refusal::new("linkage.bad_settings", Fault::Refused).fact("cause", cause);
        let scale: Self = toml::from_str(text).map_err(|error| bad(error.message().to_owned()))?;
        for weights in &scale.comparisons {
            let kind = weights.kind()?;
            weights.form()?;
            let levels = kind.levels().len().saturating_sub(1);
            if weights.fields.is_empty() || weights.bits.len() != levels {
                return Err(bad(format!("{}: {levels} weights", weights.kind)));
            }
        }
        Ok(scale)
    }

    /// Writes it as TOML.
    ///
    /// # Errors
    /// `linkage.bad_settings` for what TOML cannot say.
    pub fn to_toml(&self) -> Result<String, Refusal> {
        toml::to_string(self).map_err(|error| Refusal::broken("linkage.bad_settings", &error))
    }

    /// Holds two records against each other. Each gives its value of a field by name, as it was typed; empty where there is
    /// none, which weighs nothing.
    ///
    /// # Errors
    /// `linkage.unknown_kind` for a scale that was not read by [`Scale::parse`].
    pub fn weigh<'v>(
        &self,
        left: impl Fn(&str) -> &'v str,
        right: impl Fn(&str) -> &'v str,
    ) -> Result<Likeness, Refusal> {
        let mut said = Vec::with_capacity(self.comparisons.len());
        for weights in &self.comparisons {
            let (kind, levels) = (weights.kind()?, weights.kind()?.levels());
            let (left, right) = (weights.values(&left)?, weights.values(&right)?);
            let level = usize::from(kind.level(as_str(&left), as_str(&right)));
            let bits = level.checked_sub(1).and_then(|level| weights.bits.get(level));
            let field = weights.fields.first().cloned().unwrap_or_default();
            said.push((
                field,
                levels.get(level).copied().unwrap_or(""),
                bits.copied().unwrap_or(0.0),
            ));
        }
        Ok(Likeness::of(self.prior, said.into_iter()))
    }
}

impl Weights {
    fn kind(&self) -> Result<Kind, Refusal> {
        let known =
            || crate::settings::unknown_kind("comparisons", &self.kind, &Kind::names().collect::<Vec<_>>());
        Kind::named(&self.kind).ok_or_else(known)
    }

    fn form(&self) -> Result<Form, Refusal> {
        let known =
            || crate::settings::unknown_kind("comparisons", &self.form, &Form::names().collect::<Vec<_>>());
        Form::named(&self.form).ok_or_else(known)
    }

    /// The values of a record, written alike.
    fn values<'v>(&self, value: impl Fn(&str) -> &'v str) -> Result<[String; 2], Refusal> {
        let form = self.form()?;
        let mut written = [String::new(), String::new()];
        for (field, out) in self.fields.iter().zip(&mut written) {
            form.write(value(field), out);
        }
        Ok(written)
    }
}

fn as_str([own, partner]: &[String; 2]) -> Values<'_> {
    [own.as_str(), partner.as_str()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: &str = "prior = 1e-6\n\
        [[comparisons]]\nfields = [\"name\"]\nform = \"name\"\nkind = \"exact\"\nbits = [12.0, -4.0]\n\
        [[comparisons]]\nfields = [\"born_on\"]\nform = \"date\"\nkind = \"exact\"\nbits = [14.0, -6.0]\n";

    fn likeness(right: [&'static str; 2]) -> Likeness {
        let scale = Scale::parse(SCALE).unwrap();
        let record = |values: [&'static str; 2]| move |field: &str| values[usize::from(field == "born_on")];
        scale
            .weigh(record(["张伟", "1965-12-04"]), record(right))
            .unwrap()
    }

    #[test]
    fn two_records_weigh_what_their_comparisons_weigh_and_a_missing_value_nothing() {
        assert!(likeness(["张 伟", "1965年12月4日"]).ppm > 980_000);
        assert!(likeness(["张伟", "1965-12-05"]).ppm < 1_000);
        let half = likeness(["张伟", ""]);
        assert_eq!(half.millibits, 12_000);
        assert_eq!(half.parts[1].level, "missing");
    }

    #[test]
    fn a_scale_is_read_as_it_was_written_and_not_with_weights_of_another_kind() {
        let scale = Scale::parse(SCALE).unwrap();
        assert_eq!(
            Scale::parse(&scale.to_toml().unwrap())
                .unwrap()
                .to_toml()
                .unwrap(),
            scale.to_toml().unwrap()
        );
        for (from, to, code) in [
            ("kind = \"exact\"", "kind = \"fish\"", "linkage.unknown_kind"),
            ("form = \"name\"", "form = \"fish\"", "linkage.unknown_kind"),
            ("bits = [12.0, -4.0]", "bits = [12.0]", "linkage.bad_settings"),
        ] {
            assert_eq!(Scale::parse(&SCALE.replacen(from, to, 1)).unwrap_err().code, code);
        }
    }
}
