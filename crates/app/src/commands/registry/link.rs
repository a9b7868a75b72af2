//! `fishpond registry link`: who is written down twice.
//!
//! Reads one or two CSV files in a stream, links them with the engine and writes the pairs; nothing is written where
//! anything is refused. Works without a data folder.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use delimited::Row;
use kernel::{Fault, Lang, Refusal};
use linkage::{Accuracy, Links, Loader, Plan, Scale, Settings as Linking, Table, accuracy, link};
use serde_json::{Map, Value, json};

use super::reading;
use super::writing;
use crate::cli::{RegistryLink, Settings};
use crate::commands::lines::located;
use crate::terminal::{say, say_json};
use crate::world;

pub(super) fn run(settings: &Settings, wanted: &RegistryLink) -> Result<ExitCode, Refusal> {
    let paths: Vec<&PathBuf> = std::iter::once(&wanted.left).chain(&wanted.right).collect();
    for path in paths.iter().copied().chain(&wanted.truth).chain(&wanted.settings) {
        require_other(&wanted.out, path)?;
    }
    let (plan, table) = load(&paths, wanted.settings.as_deref())?;
    let known = |path| reading::known_pairs(path, wanted.right.is_some());
    let known = wanted.truth.as_deref().map(known).transpose()?;
    let links = link(&table, &plan);
    writing::write(&wanted.out, &plan, &table, &links)?;
    if let Some(path) = &wanted.weights {
        let scale = Scale::of(&plan, &links.weigher.model).to_toml()?;
        writing::write_beside(path, |file| file.write_all(scale.as_bytes()))?;
    }
    let held = known.map(|known| accuracy(&links, &table, &known));
    if settings.json {
        say_json(&answer(&plan, &table, &links, held))?;
    } else {
        say_it(world::lang(settings), wanted, &table, &links, held);
    }
    Ok(ExitCode::SUCCESS)
}

fn require_other(out: &Path, input: &Path) -> Result<(), Refusal> {
    let is_same = matches!((out.canonicalize(), input.canonicalize()), (Ok(out), Ok(input)) if out == input);
    if is_same {
        return Err(Refusal::new("linkage.out_is_input", Fault::Refused).at(out.display()));
    }
    Ok(())
}

fn load(paths: &[&PathBuf], settings: Option<&Path>) -> Result<(Plan, Table), Refusal> {
    let mut files = paths
        .iter()
        .map(|path| reading::rows(path))
        .collect::<Result<Vec<_>, _>>()?;
    let heads: Vec<Vec<String>> = files.iter().map(|file| file.head().to_vec()).collect();
    let settings = match settings {
        Some(path) => Linking::parse(&reading::text_of(path)?).map_err(|refusal| {
            let place = refusal.at.clone().unwrap_or_default();
            refusal.at(format!(
                "{}:{}",
                path.display(),
                place.trim_start_matches("settings:")
            ))
        })?,
        None => Linking::for_heads(&heads.concat())?,
    };
    let name = |number: usize| {
        paths
            .get(number)
            .map_or(String::new(), |path| path.display().to_string())
    };
    let plan = Plan::of(&settings, &heads).map_err(|refusal| match refusal.at {
        Some(_) => refusal,
        None => refusal.at(name(0)),
    })?;
    let mut loader = Loader::new(&plan);
    for (number, file) in files.iter_mut().enumerate() {
        let before = loader.len();
        while let Some(row) = file.next_row()? {
            loader
                .push(number, |place| row.text(place))
                .map_err(|refusal| placed(refusal, &row))?;
        }
        if loader.len() == before {
            return Err(Refusal::new("linkage.empty_file", Fault::Refused).at(file.name()));
        }
    }
    let table = loader.finish().map_err(|refusal| {
        let file = refusal.facts.iter().find(|(fact, _)| *fact == "file");
        let number = file
            .and_then(|(_, number)| number.parse::<usize>().ok())
            .unwrap_or(1);
        let row = refusal.at.clone().unwrap_or_default();
        refusal.at(format!("{}:{row}", name(number - 1)))
    })?;
    Ok((plan, table))
}

/// A refusal with the place of the row, and of the field it names.
fn placed(refusal: Refusal, row: &Row<'_>) -> Refusal {
    let mut facts = refusal.facts.iter();
    let field = facts
        .find(|(name, _)| *name == "field")
        .map(|(_, field)| field.as_str());
    let at = located(row.source(), row.line(), field);
    refusal.at(at)
}

fn answer(plan: &Plan, table: &Table, links: &Links, held: Option<Accuracy>) -> Value {
    let mut answer = Map::new();
    answer.insert("records".into(), json!(table.len()));
    answer.insert("compared".into(), json!(links.compared));
    answer.insert("keys_left_out".into(), json!(links.crowded));
    answer.insert("pairs".into(), json!(links.pairs.len()));
    answer.insert("threshold".into(), json!(plan.settings.threshold));
    if let Some(held) = held {
        answer.insert("precision".into(), json!(held.precision));
        answer.insert("recall".into(), json!(held.recall));
        answer.insert("f1".into(), json!(held.f1));
        answer.insert("known_pairs".into(), json!(held.known));
    }
    let model = &links.weigher.model;
    answer.insert("prior".into(), json!(model.prior));
    let comparisons = plan
        .comparisons
        .iter()
        .zip(&model.comparisons)
        .map(|(comparison, fitted)| {
            let levels = comparison
                .kind
                .levels()
                .iter()
                .zip(fitted.m.iter().zip(&fitted.u))
                .skip(1);
            let levels: Vec<Value> = levels
                .map(|(level, (m, u))| json!({ "level": level, "m": m, "u": u }))
                .collect();
            json!({ "field": comparison.name, "levels": levels })
        });
    answer.insert("comparisons".into(), comparisons.collect());
    Value::Object(answer)
}

fn say_it(lang: Lang, wanted: &RegistryLink, table: &Table, links: &Links, held: Option<Accuracy>) {
    let (records, pairs, out) = (table.len(), links.pairs.len(), wanted.out.display());
    say(match lang {
        Lang::Zh => format!(
            "{records} 条记录，比较 {} 对，{pairs} 对是同一人，写在 {out}",
            links.compared
        ),
        Lang::En => format!(
            "{records} records, {} pairs compared, {pairs} of one person, in {out}",
            links.compared
        ),
    });
    if links.crowded > 0 {
        say(match lang {
            Lang::Zh => format!("{} 个键因太多记录共有而未用（设置 block_max）", links.crowded),
            Lang::En => format!(
                "{} keys were left out, too many records share them (block_max)",
                links.crowded
            ),
        });
    }
    if let Some(Accuracy {
        precision,
        recall,
        f1,
        ..
    }) = held
    {
        say(match lang {
            Lang::Zh => format!("与已知配对相比：准确率 {precision:.4}，召回率 {recall:.4}，F1 {f1:.4}"),
            Lang::En => format!(
                "held against what is known: precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}"
            ),
        });
    }
}
