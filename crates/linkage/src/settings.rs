//! What is compared, which pairs are looked at, and from where on two records are one person: settings as TOML.
//!
//! A file of settings serves files with different columns: a field whose column is not there is left out, and with it
//! every comparison of it and every pass that blocks on it. A pass needs all of its fields, a comparison its first.

use kernel::{Fault, Refusal};
use serde::Deserialize;

use crate::compare::Kind;
use crate::normal::Form;

/// Comparisons of one record with another are kept in 64 bits, four each.
const COMPARISONS_MAX: usize = 16;
/// The settings for files with Chinese heads.
const CHINESE: &str = include_str!("../../../examples/linkage/china.toml");
/// The settings for files with other heads.
const ENGLISH: &str = include_str!("../../../examples/linkage/febrl.toml");

/// Settings as they are written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Heads of the column with the record's id; the first that the file has is taken.
    pub id: Vec<String>,
    /// Probability from which on two records are one person.
    #[serde(default = "half")]
    pub threshold: f64,
    /// Between two files: a record has at most one other.
    #[serde(default = "yes")]
    pub one_to_one: bool,
    /// Within one file: records of one person at most.
    #[serde(default = "fifty")]
    pub cluster_max: usize,
    /// Records that may share a key of a pass; a key that more share is no key.
    #[serde(default = "thousand")]
    pub block_max: usize,
    /// Another seed draws other random pairs.
    #[serde(default)]
    pub seed: u64,
    /// What of a file is read.
    pub fields: Vec<FieldSettings>,
    /// How it is compared.
    pub comparisons: Vec<ComparisonSettings>,
    /// Which pairs are looked at.
    pub passes: Vec<PassSettings>,
}

/// A field of a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSettings {
    /// Its name in these settings.
    pub name: String,
    /// Heads of its column; the first that the file has is taken. Its name alone where it is not given.
    #[serde(default)]
    pub columns: Vec<String>,
    /// How its values are written alike before they are compared; see [`Form`].
    pub form: String,
}

/// A comparison of one field, or of a name with its partner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonSettings {
    /// The field, and the one it may have changed places with.
    pub fields: Vec<String>,
    /// How; see [`Kind`].
    pub kind: String,
    /// Whether to agree on a rare value says more than to agree on a common one.
    #[serde(default)]
    pub frequency: bool,
    /// The most bits that agreement may add: for what people of one household share.
    pub weight_max: Option<f64>,
}

/// A pass: pairs of records with the same key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassSettings {
    /// Parts of the key, each `field`, `field:cut` or `field+field:cut` (in either order).
    pub on: Vec<String>,
    /// Whether the model is fitted on its pairs; no for keys that people of one household share.
    #[serde(default = "yes")]
    pub fit: bool,
    /// Comparisons, by their first field, that are not fitted on it beside those of the key itself, because the key
    /// says something of them.
    #[serde(default)]
    pub tells: Vec<String>,
}

fn half() -> f64 {
    0.5
}
fn yes() -> bool {
    true
}
fn fifty() -> usize {
    50
}
fn thousand() -> usize {
    1000
}

impl Settings {
    /// Reads settings.
    ///
    /// Refused with `linkage.bad_settings`, `linkage.unknown_kind`, `linkage.unknown_field`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() + 1);
            let refusal = Refusal::new("linkage.bad_settings", Fault::Refused).fact("cause", error.message());
            match line {
                Some(line) => refusal.at(format!("settings:{line}")),
                None => refusal,
            }
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// The settings that come along, for files with these heads: those for Chinese where a head is written in Chinese.
    pub fn for_heads(heads: &[String]) -> Result<Self, Refusal> {
        let is_chinese = heads.iter().any(|head| head.chars().any(crate::han::is_han));
        Self::parse(if is_chinese { CHINESE } else { ENGLISH })
    }

    fn check(&self) -> Result<(), Refusal> {
        let wrong = |at: &str, value: &dyn std::fmt::Display, cause: &str| {
            Err(Refusal::new("linkage.bad_settings", Fault::Refused)
                .at(format!("settings:{at}"))
                .value(value)
                .fact("cause", cause))
        };
        if !(self.threshold > 0.0 && self.threshold < 1.0) {
            return wrong("threshold", &self.threshold, "a probability between 0 and 1");
        }
        if self.comparisons.len() > COMPARISONS_MAX {
            return wrong("comparisons", &self.comparisons.len(), "16 at the most");
        }
        if self.cluster_max < 2 || self.block_max < 2 {
            return wrong(
                "cluster_max, block_max",
                &self.cluster_max.min(self.block_max),
                "2 at the least",
            );
        }
        for field in &self.fields {
            if Form::named(&field.form).is_none() {
                return Err(unknown_kind(
                    "fields",
                    &field.form,
                    &Form::names().collect::<Vec<_>>(),
                ));
            }
        }
        for comparison in &self.comparisons {
            if Kind::named(&comparison.kind).is_none() {
                return Err(unknown_kind(
                    "comparisons",
                    &comparison.kind,
                    &Kind::names().collect::<Vec<_>>(),
                ));
            }
            if !(1..=2).contains(&comparison.fields.len()) {
                return wrong(
                    "comparisons",
                    &comparison.fields.len(),
                    "one field, or a name and its partner",
                );
            }
            comparison
                .fields
                .iter()
                .try_for_each(|field| self.require_field("comparisons", field))?;
        }
        Ok(())
    }

    /// A field that is declared.
    pub(crate) fn require_field(&self, at: &str, name: &str) -> Result<(), Refusal> {
        if self.fields.iter().any(|field| field.name == name) {
            return Ok(());
        }
        Err(Refusal::new("linkage.unknown_field", Fault::Refused)
            .at(format!("settings:{at}"))
            .value(name))
    }
}

pub(crate) fn unknown_kind(at: &str, value: &str, known: &[&str]) -> Refusal {
    Refusal::new("linkage.unknown_kind", Fault::Refused)
        .at(format!("settings:{at}"))
        .value(value)
        .fact("known", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_that_come_along_can_be_read() {
        for heads in ["姓名", "surname"] {
            let settings = Settings::for_heads(&[heads.to_owned()]).unwrap();
            assert!(!settings.passes.is_empty());
            crate::plan::Plan::of(
                &settings,
                &[settings
                    .fields
                    .iter()
                    .map(|field| field.columns[0].clone())
                    .chain([settings.id[0].clone()])
                    .collect()],
            )
            .unwrap();
        }
    }

    #[test]
    fn what_is_wrong_in_settings_is_named() {
        let good = "id = [\"id\"]\n[[fields]]\nname = \"a\"\nform = \"text\"\n\
                    [[comparisons]]\nfields = [\"a\"]\nkind = \"text\"\n[[passes]]\non = [\"a\"]\n";
        assert!(Settings::parse(good).is_ok());
        for (from, to, code) in [
            ("id = [", "id = {", "linkage.bad_settings"),
            ("id = ", "colour = 1\nid = ", "linkage.bad_settings"),
            ("id = ", "threshold = 1.5\nid = ", "linkage.bad_settings"),
            ("form = \"text\"", "form = \"fish\"", "linkage.unknown_kind"),
            ("kind = \"text\"", "kind = \"fish\"", "linkage.unknown_kind"),
            ("fields = [\"a\"]", "fields = [\"b\"]", "linkage.unknown_field"),
        ] {
            let refusal = Settings::parse(&good.replacen(from, to, 1)).unwrap_err();
            assert_eq!(refusal.code, code, "{to}");
        }
    }
}
