//! `fishpond targeting`: without a data folder. A file is written whole, after everything was read, or not at all.

#![expect(clippy::float_arithmetic, reason = "shares of a survey are printed per cent")]

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use ::targeting::Hashed;
use ::targeting::card::{Card, Model, Scoring, Source};
use ::targeting::fitting::card;
use ::targeting::judged::{Found, Interval};
use ::targeting::survey::{Columns, Survey};
use kernel::{Fault, Lang, Refusal};
use serde_json::json;
use tempfile::NamedTempFile;

use super::lines;
use super::poverty::right;
use crate::cli::Settings;
use crate::cli::targeting::{Targeting, TargetingFit, TargetingScore};
use crate::terminal::{either, say, say_json};
use crate::world;

/// The largest card that is read, in bytes.
const CARD_MAX: u64 = 16 << 20;

/// Runs it.
///
/// # Errors
/// What the files are refused for.
pub fn run(settings: &Settings, command: Targeting) -> Result<ExitCode, Refusal> {
    match command {
        Targeting::Fit(wanted) => fit(settings, wanted),
        Targeting::Score(wanted) => score(settings, &wanted),
    }
}

fn fit(settings: &Settings, wanted: TargetingFit) -> Result<ExitCode, Refusal> {
    let (name, source) = lines::source(&wanted.file)?;
    let columns = Columns {
        target: wanted.target,
        line: wanted.line,
        weight: wanted.weight,
        cluster: wanted.cluster,
        group: wanted.group,
        only: wanted.only,
        not: wanted.not,
    };
    let mut hashed = Hashed::new(source);
    let survey = Survey::read(&mut hashed, &name, &columns)?;
    let model = if wanted.line.is_some() && !wanted.logistic {
        Model::Linear
    } else {
        Model::Logistic
    };
    let source = Source {
        file: name.clone(),
        sha256: hashed.sha256(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rows: u64::try_from(survey.rows()).unwrap_or(u64::MAX),
        target: columns.target,
        line: columns.line,
        weight: columns.weight,
        cluster: columns.cluster,
        group: columns.group,
        folds: usize::from(wanted.folds),
        seed: wanted.seed,
    };
    let made = card(&survey, model, source).map_err(|refusal| refusal.at(&name))?;
    let text = serde_json::to_vec_pretty(&made).map_err(|error| Refusal::broken("app.json", &error))?;
    let mut file = beside(&wanted.out)?;
    file.write_all(&text)
        .map_err(|error| unwritable(&wanted.out, &error))?;
    keep(file, &wanted.out)?;
    if settings.json {
        say_json(&made)?;
    } else {
        print(&made, &wanted.out, world::lang(settings));
    }
    Ok(ExitCode::SUCCESS)
}

fn score(settings: &Settings, wanted: &TargetingScore) -> Result<ExitCode, Refusal> {
    let (card_name, source) = lines::source(&wanted.card)?;
    let mut text = Vec::new();
    let read = std::io::Read::read_to_end(&mut std::io::Read::take(source, CARD_MAX), &mut text);
    read.map_err(|error| lines::unreadable(&card_name, &error))?;
    let card = Card::read(&text, &card_name)?;
    let (name, source) = lines::source(&wanted.file)?;
    let mut scoring = Scoring::open(&card, source, &name, wanted.cut_off)?;
    let mut out = match &wanted.out {
        Some(path) => Some((path, csv::Writer::from_writer(beside(path)?))),
        None => None,
    };
    if let Some((path, writer)) = &mut out {
        let head = scoring
            .head()
            .iter()
            .map(String::as_str)
            .chain(["points", "estimate", "selected"]);
        writer
            .write_record(head)
            .map_err(|error| unwritable(path, &error))?;
    }
    let (mut rows, mut selected) = (0_u64, 0_u64);
    while let Some((row, scored)) = scoring.next_scored()? {
        rows += 1;
        selected += u64::from(scored.selected);
        if let Some((path, writer)) = &mut out {
            let fresh = [
                scored.points.to_string(),
                scored.estimate.to_string(),
                u8::from(scored.selected).to_string(),
            ];
            let cells = row.cells().iter().chain(&fresh);
            writer
                .write_record(cells)
                .map_err(|error| unwritable(path, &error))?;
        }
    }
    if rows == 0 {
        return Err(Refusal::new("targeting.no_rows", Fault::Refused).at(name));
    }
    if let Some((path, writer)) = out {
        let file = writer
            .into_inner()
            .map_err(|error| unwritable(path, error.error()))?;
        keep(file, path)?;
    }
    let cut_off = wanted.cut_off.unwrap_or(card.cut_off);
    if settings.json {
        say_json(&json!({ "rows": rows, "selected": selected, "cut_off": cut_off, "out": wanted.out }))?;
    } else {
        say(match world::lang(settings) {
            Lang::Zh => format!("{rows} 户，{cut_off} 分及以上的 {selected} 户"),
            Lang::En => format!("{rows} households, {selected} with {cut_off} points or more"),
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// A file beside the place where it is to be.
fn beside(path: &Path) -> Result<NamedTempFile, Refusal> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(|error| unwritable(path, &error))
}

fn keep(file: NamedTempFile, path: &Path) -> Result<(), Refusal> {
    file.as_file()
        .sync_all()
        .map_err(|error| unwritable(path, &error))?;
    file.persist(path)
        .map_err(|error| unwritable(path, &error))
        .map(drop)
}

fn unwritable(path: &Path, error: &dyn std::error::Error) -> Refusal {
    Refusal::new("targeting.file_unwritable", Fault::Refused)
        .at(path.display())
        .fact("cause", error)
}

fn print(made: &Card, out: &Path, lang: Lang) {
    let (questions, cut_off, penalty) = (made.questions.len(), made.cut_off, made.penalty);
    say(match lang {
        Lang::Zh => format!(
            "{questions} 个问题，{cut_off} 分及以上入选，惩罚 {penalty}，写入 {}",
            out.display()
        ),
        Lang::En => format!(
            "{questions} questions, selected from {cut_off} points on, penalty {penalty}, in {}",
            out.display()
        ),
    });
    say(either(
        lang,
        "以下误差来自未参与拟合的行，[ ] 内为 95% 区间：",
        "Errors on rows that the fit had not seen, 95 % intervals in [ ]:",
    ));
    let heads = match lang {
        Lang::Zh => ["错纳率%", "漏评率%", "入选率%", "AUC"],
        Lang::En => ["inclusion %", "exclusion %", "selected %", "AUC"],
    };
    say(heads.iter().map(|head| right(head, 24)).collect::<String>());
    let evaluation = &made.evaluation;
    say(format!(
        "{}  {}",
        row(&evaluation.all),
        either(lang, "全部", "all")
    ));
    for group in &evaluation.groups {
        let adverse = if group.adverse {
            either(
                lang,
                "（入选率不足最高组的五分之四）",
                " (selected less than four fifths as often)",
            )
        } else {
            ""
        };
        say(format!("{}  {}{adverse}", row(&group.found), group.group));
    }
    if let Some(gap) = evaluation.equal_opportunity_gap {
        let gap = gap * 100.0;
        say(match lang {
            Lang::Zh => format!("各组贫困者入选率最多相差 {gap:.2} 个百分点"),
            Lang::En => format!("between groups, the poor are selected up to {gap:.2} points more often"),
        });
    }
}

fn row(found: &Found) -> String {
    let cell = |interval: &Interval, times: f64| {
        let said = |number: Option<f64>| {
            number.map_or_else(|| "—".to_owned(), |number| format!("{:.2}", number * times))
        };
        let auc =
            |number: Option<f64>| number.map_or_else(|| "—".to_owned(), |number| format!("{number:.4}"));
        let say = |number| if times > 1.0 { said(number) } else { auc(number) };
        right(
            &format!(
                "{} [{}, {}]",
                say(interval.value),
                say(interval.low),
                say(interval.high)
            ),
            24,
        )
    };
    [
        cell(&found.inclusion_error, 100.0),
        cell(&found.exclusion_error, 100.0),
        cell(&found.selected, 100.0),
        cell(&found.auc, 1.0),
    ]
    .concat()
}
