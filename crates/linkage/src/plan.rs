//! Settings held against the heads of the files: which columns are read, compared and blocked on.

use kernel::{Fault, Refusal};

use crate::compare::Kind;
use crate::keys::Part;
use crate::normal::Form;
use crate::settings::{PassSettings, Settings};

/// What is done with these files.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The settings it was made from.
    pub settings: Settings,
    /// Of each file, the place of its id.
    pub(crate) ids: Vec<usize>,
    /// The fields that every file has.
    pub(crate) fields: Vec<Field>,
    /// Numbers of 32 bits that a record is.
    pub(crate) width: usize,
    /// The comparisons of them.
    pub comparisons: Vec<Comparison>,
    pub(crate) passes: Vec<Pass>,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) form: Form,
    /// Of each file, the place of its column.
    pub(crate) columns: Vec<usize>,
    pub(crate) slot: Slot,
}

/// Where a record has the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// One number: that of the value.
    Text(usize),
    /// Two numbers: a code, or the number of a value that is none.
    Code(usize),
}

/// A comparison whose field the files have.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The name of its first field.
    pub name: String,
    /// How it compares.
    pub kind: Kind,
    pub(crate) field: usize,
    pub(crate) partner: Option<usize>,
    pub(crate) frequency: bool,
    pub(crate) weight_max: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(crate) parts: Vec<Part>,
    pub(crate) fit: bool,
    /// Comparisons that are not fitted on it, one bit each.
    pub(crate) told: u32,
}

impl Plan {
    /// Holds settings against the heads of one file, or of two.
    ///
    /// Refused with `linkage.no_id_column`, `linkage.nothing_to_compare`, `linkage.nothing_to_block_on`,
    /// `linkage.unknown_field`, `linkage.unknown_kind`.
    pub fn of(settings: &Settings, files: &[Vec<String>]) -> Result<Self, Refusal> {
        let ids = files
            .iter()
            .map(|heads| id_place(settings, heads))
            .collect::<Result<Vec<_>, _>>()?;
        let mut fields: Vec<Field> = Vec::new();
        for field in &settings.fields {
            let own = [field.name.clone()];
            let wanted = if field.columns.is_empty() {
                &own[..]
            } else {
                &field.columns
            };
            let columns: Option<Vec<usize>> = files.iter().map(|heads| first_of(wanted, heads)).collect();
            let (Some(columns), Some(form)) = (columns, Form::named(&field.form)) else {
                continue;
            };
            fields.push(Field {
                name: field.name.clone(),
                form,
                columns,
                slot: Slot::Text(0),
            });
        }
        let comparisons = comparisons(settings, &fields);
        let width = lay_out(&mut fields, &comparisons);
        if comparisons.is_empty() {
            return Err(Refusal::new("linkage.nothing_to_compare", Fault::Refused)
                .fact("wanted", wanted_columns(settings)));
        }
        let mut passes = Vec::new();
        for pass in &settings.passes {
            passes.extend(one_pass(settings, pass, &fields, &comparisons)?);
        }
        if passes.is_empty() {
            return Err(Refusal::new("linkage.nothing_to_block_on", Fault::Refused)
                .fact("wanted", wanted_columns(settings)));
        }
        Ok(Self {
            settings: settings.clone(),
            ids,
            fields,
            width,
            comparisons,
            passes,
        })
    }

    /// The fields that are read, each with the place of its column in the first file.
    pub fn columns(&self) -> impl Iterator<Item = (&str, usize)> {
        let of = |field: &'_ Field| field.columns.first().copied().unwrap_or(usize::MAX);
        self.fields
            .iter()
            .map(move |field| (field.name.as_str(), of(field)))
    }
}

/// Gives each field its slot; how common a value is is known of texts only.
fn lay_out(fields: &mut [Field], comparisons: &[Comparison]) -> usize {
    let mut width = 0;
    for (place, field) in fields.iter_mut().enumerate() {
        let is_counted = comparisons
            .iter()
            .any(|comparison| comparison.frequency && comparison.field == place);
        let is_code = field.form.is_code() && !is_counted;
        field.slot = if is_code {
            Slot::Code(width)
        } else {
            Slot::Text(width)
        };
        width += if is_code { 2 } else { 1 };
    }
    width
}

fn wanted_columns(settings: &Settings) -> String {
    let names = settings
        .fields
        .iter()
        .map(|field| field.columns.first().unwrap_or(&field.name).as_str());
    names.collect::<Vec<_>>().join(", ")
}

fn first_of(wanted: &[String], heads: &[String]) -> Option<usize> {
    wanted.iter().find_map(|wanted| {
        heads
            .iter()
            .position(|head| head.trim().eq_ignore_ascii_case(wanted))
    })
}

fn id_place(settings: &Settings, heads: &[String]) -> Result<usize, Refusal> {
    first_of(&settings.id, heads).ok_or_else(|| {
        Refusal::new("linkage.no_id_column", Fault::Refused)
            .value(heads.join(", "))
            .fact("wanted", settings.id.join(", "))
    })
}

fn place_of(fields: &[Field], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.name == name)
}

fn comparisons(settings: &Settings, fields: &[Field]) -> Vec<Comparison> {
    let wanted = settings.comparisons.iter();
    wanted
        .filter_map(|comparison| {
            let mut places = comparison.fields.iter().map(|name| place_of(fields, name));
            Some(Comparison {
                name: comparison.fields.first()?.clone(),
                kind: Kind::named(&comparison.kind)?,
                field: places.next()??,
                partner: places.next().flatten(),
                frequency: comparison.frequency,
                weight_max: comparison.weight_max.unwrap_or(f64::INFINITY),
            })
        })
        .collect()
}

/// The pass, or none where the files lack one of its fields.
fn one_pass(
    settings: &Settings,
    pass: &PassSettings,
    fields: &[Field],
    comparisons: &[Comparison],
) -> Result<Option<Pass>, Refusal> {
    let mut parts = Vec::new();
    let mut told = 0_u32;
    for text in &pass.on {
        let (names, cut) = Part::read(text)?;
        let mut places = Vec::new();
        for name in &names {
            settings.require_field("passes", name)?;
            let Some(place) = place_of(fields, name) else {
                return Ok(None);
            };
            places.push(place);
        }
        for (number, comparison) in comparisons.iter().enumerate() {
            if places.contains(&comparison.field) {
                told |= 1 << number;
            }
        }
        parts.push(Part { fields: places, cut });
    }
    for name in &pass.tells {
        settings.require_field("passes", name)?;
        for (number, comparison) in comparisons.iter().enumerate() {
            if comparison.name == *name {
                told |= 1 << number;
            }
        }
    }
    Ok((!parts.is_empty()).then_some(Pass {
        parts,
        fit: pass.fit,
        told,
    }))
}
