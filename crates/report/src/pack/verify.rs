//! Checks all of a pack: seal, every byte, the chain of segments, their rows, and every figure from the lines.
//!
//! Order: the container first, since nothing else can be trusted before it; then the chain; then each segment against its
//! manifest (hash, rows, totals, Merkle root, rollup equal to lines); then the definitions and tables against the
//! programme in the pack; last every figure and every published part, recomputed from the lines.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Fault, Period, Refusal};
use lake::figures::{Evidence, EvidenceFile, FigureEngine, FigureTables};
use lake::segments::{Manifest as SegmentManifest, verify_segment};
use lake::{SealedTable, Seals};
use people::places::Places;
use programme::journal::journal_table;
use programme::{FigureDef, Programme};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::build::{rollup_path, sealed_path, segment_path};
use super::container::{self, PackFault};
use super::contents::{self, Chain, PackedFigures};
use super::tables;
use crate::manifest::{Manifest, sha256_hex};
use crate::model::{Figure, TableEvidence, ValueState};

/// What was found in a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Whether everything holds.
    pub ok: bool,
    /// Programme id.
    pub programme: String,
    /// Period id.
    pub period: String,
    /// When the pack was made.
    pub made_at: String,
    /// Whether its evidence is simulated.
    pub simulated: bool,
    /// Public key of the signer, hex: to be compared with the one on the report's page.
    pub signer: String,
    /// Files checked.
    pub files: usize,
    /// Segments checked.
    pub segments: usize,
    /// Order lines in them.
    pub rows: i64,
    /// Every figure recomputed from the lines.
    pub figures: Vec<FigureCheck>,
    /// What does not hold; empty when all does.
    pub faults: Vec<PackFault>,
}

/// One figure recomputed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureCheck {
    /// Its id.
    pub id: String,
    /// Recomputed from the lines.
    pub value: Option<i64>,
    /// As it stands in the pack.
    pub published: Option<i64>,
    /// Whether they are equal, and every published part too.
    pub equal: bool,
}

/// Checks a pack; what is wrong with it stands in the answer. The files are unpacked under `scratch` and removed again.
///
/// # Errors
/// `pack.unreadable` (missing or broken) when the file cannot be read or there is no room to unpack it.
pub async fn verify(pack: &Path, scratch: &Path) -> Result<VerifyReport, Refusal> {
    let unreadable = |error: std::io::Error| {
        let fault = if error.kind() == std::io::ErrorKind::NotFound {
            Fault::Missing
        } else {
            Fault::Refused
        };
        Refusal::new("pack.unreadable", fault)
            .at(pack.display())
            .fact("error", error)
    };
    let folder = tempfile::Builder::new()
        .prefix("verify-")
        .tempdir_in(scratch)
        .map_err(unreadable)?;
    let (file, dir) = (pack.to_path_buf(), folder.path().to_path_buf());
    let unpacked = tokio::task::spawn_blocking(move || container::unpack(&file, &dir)).await;
    let (manifest, faults) = unpacked
        .map_err(|error| Refusal::broken("pack.unreadable", &error))?
        .map_err(unreadable)?;
    let mut report = report_of(manifest.as_ref(), faults);
    if report.faults.is_empty() {
        let checked = check_contents(folder.path(), &mut report).await;
        report.faults.extend(checked.err());
    }
    report.ok = report.faults.is_empty();
    Ok(report)
}

fn report_of(manifest: Option<&Manifest>, mut faults: Vec<PackFault>) -> VerifyReport {
    let text = |of: fn(&Manifest) -> &String| manifest.map(of).cloned().unwrap_or_default();
    if manifest.is_some_and(|manifest| manifest.kind != "pack") {
        faults.push(PackFault::new(crate::manifest::MANIFEST, "pack.not_a_pack"));
    }
    VerifyReport {
        ok: false,
        programme: text(|manifest| &manifest.programme),
        period: text(|manifest| &manifest.period),
        made_at: text(|manifest| &manifest.made_at),
        simulated: manifest.is_some_and(|manifest| manifest.simulated),
        signer: text(|manifest| &manifest.signer),
        files: manifest.map_or(0, |manifest| manifest.files.len()),
        segments: 0,
        rows: 0,
        figures: Vec::new(),
        faults,
    }
}

async fn check_contents(root: &Path, report: &mut VerifyReport) -> Result<(), PackFault> {
    let segments = check_chain(root)?;
    report.segments = segments.len();
    for segment in &segments {
        report.rows = report.rows.saturating_add(segment.totals.rows);
        check_segment(root, segment).await?;
    }
    let programme = check_definitions(root)?;
    let packed: PackedFigures = read_json(root, "figures.json")?;
    let tables = check_tables(root, &programme)?;
    let period: Period = report
        .period
        .parse()
        .map_err(|refusal| refused("manifest.json", &refusal))?;
    let evidence = Evidence {
        files: segments
            .iter()
            .map(|segment| evidence_file(root, segment))
            .collect(),
        rollup: None,
        seals: Seals::from([(period, sealed_tables(root, &packed.tables)?)]),
    };
    let engine = FigureEngine::lines_of(evidence, &Arc::new(tables), period, None)
        .await
        .map_err(|refusal| refused("views.sql", &refusal))?;
    for figure in &packed.figures {
        let def = programme
            .figure(&figure.id)
            .map_err(|refusal| refused("figures.json", &refusal))?;
        let check = check_figure(&engine, def, figure).await?;
        if !check.equal {
            report
                .faults
                .push(PackFault::new("figures.json", "pack.figure_differs").detail(&check.id));
        }
        report.figures.push(check);
    }
    Ok(())
}

/// The manifests, each hashed again and linked to the one before.
fn check_chain(root: &Path) -> Result<Vec<SegmentManifest>, PackFault> {
    let chain: Chain = read_json(root, "chain.json")?;
    let broken = |detail: &str| PackFault::new("chain.json", "pack.chain_broken").detail(detail);
    let mut before: Option<String> = None;
    let mut manifests = Vec::new();
    for link in chain.segments {
        let manifest: SegmentManifest =
            serde_json::from_str(&link.manifest).map_err(|_| broken(&link.manifest_sha256))?;
        let linked = manifest.previous_sha256 == before.clone().unwrap_or_default();
        if sha256_hex(link.manifest.as_bytes()) != link.manifest_sha256
            || manifest.to_json() != link.manifest
            || !linked
        {
            return Err(broken(&link.manifest_sha256));
        }
        before = Some(link.manifest_sha256);
        manifests.push(manifest);
    }
    if before.unwrap_or_default() != chain.head {
        return Err(broken("head"));
    }
    let in_pack = std::fs::read_dir(root.join("segments")).map_or(0, Iterator::count);
    if in_pack == manifests.len() {
        Ok(manifests)
    } else {
        Err(broken("segments"))
    }
}

async fn check_segment(root: &Path, manifest: &SegmentManifest) -> Result<(), PackFault> {
    let path = segment_path(&manifest.sha256);
    let (lines, rollup) = (root.join(&path), root.join(rollup_path(&manifest.sha256)));
    let expected = manifest.clone();
    let checked = tokio::task::spawn_blocking(move || verify_segment(&lines, &rollup, &expected)).await;
    let checked = checked.map_err(|_| PackFault::new(&path, "pack.segment_differs"))?;
    checked.map_err(|refusal| PackFault::new(&path, "pack.segment_differs").detail(detail_of(&refusal)))
}

/// The programme of the pack; its definitions are the ones a stranger runs.
fn check_definitions(root: &Path) -> Result<Programme, PackFault> {
    let programme = Programme::open(&root.join("programme")).map_err(|findings| {
        let first = findings.first();
        let file = first.map_or_else(|| "programme.toml".to_owned(), |finding| finding.file.clone());
        PackFault::new(
            format!("programme/{file}"),
            first.map_or("pack.programme_unreadable", |finding| finding.code),
        )
    })?;
    let same = |path: &str, text: &str| {
        let found = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        if found.trim() == text.trim() {
            Ok(())
        } else {
            Err(PackFault::new(path, "pack.definition_differs"))
        }
    };
    same("views.sql", &programme.views_sql)?;
    for figure in &programme.figures {
        same(&format!("figures/{}.sql", figure.id), &figure.sql)?;
    }
    Ok(programme)
}

fn check_tables(root: &Path, programme: &Programme) -> Result<FigureTables, PackFault> {
    let tables =
        FigureTables::of(programme, Places::national()).map_err(|refusal| refused("tables", &refusal))?;
    for (name, batch) in tables.batches() {
        let path = format!("tables/{name}.parquet");
        if !tables::holds(&root.join(&path), batch) {
            return Err(PackFault::new(path, "pack.table_differs"));
        }
    }
    Ok(tables)
}

/// The sealed journal tables of the pack, as `journal.sql` names them.
fn sealed_tables(root: &Path, sealed: &[TableEvidence]) -> Result<Vec<SealedTable>, PackFault> {
    let written = std::fs::read_to_string(root.join("journal.sql")).unwrap_or_default();
    if written != contents::journal_sql(sealed) {
        return Err(PackFault::new("journal.sql", "pack.definition_differs"));
    }
    let table = |one: &TableEvidence| {
        let path = sealed_path(&one.sha256);
        let table = journal_table(&one.name).ok_or_else(|| PackFault::new(&path, "pack.table_differs"))?;
        Ok(SealedTable {
            table,
            sha256: one.sha256.clone(),
            rows: one.rows,
            path: root.join(path),
        })
    };
    sealed.iter().map(table).collect()
}

async fn check_figure(
    engine: &FigureEngine,
    def: &FigureDef,
    figure: &Figure,
) -> Result<FigureCheck, PackFault> {
    let failed = |refusal: Refusal| refused(&format!("figures/{}.sql", def.id), &refusal);
    let value = engine.value(def).await.map_err(failed)?;
    let mut equal = figure.sql == def.sql && (value == figure.value || figure.state == ValueState::TooFew);
    for dimension in def.breakdowns.keys() {
        let Some(packed) = figure.breakdown(dimension.as_str()) else {
            continue;
        };
        let found = engine.breakdown(def, *dimension).await.map_err(failed)?;
        for row in packed.rows.iter().filter(|row| row.value.is_some()) {
            let part = found.iter().find(|part| part.key == row.key);
            equal &= part.is_some_and(|part| Some(part.value) == row.value && Some(part.lines) == row.lines);
        }
    }
    Ok(FigureCheck {
        id: def.id.clone(),
        value,
        published: figure.value,
        equal,
    })
}

fn evidence_file(root: &Path, manifest: &SegmentManifest) -> EvidenceFile {
    let at = |path: String| -> PathBuf { root.join(path) };
    EvidenceFile {
        segment_sha256: manifest.sha256.clone(),
        file_name: manifest.file_name.clone(),
        file_sha256: manifest.file_sha256.clone(),
        lines: at(segment_path(&manifest.sha256)),
        rollup: at(rollup_path(&manifest.sha256)),
    }
}

fn read_json<T: DeserializeOwned>(root: &Path, name: &str) -> Result<T, PackFault> {
    let bytes = std::fs::read(root.join(name)).map_err(|_| PackFault::new(name, "pack.file_missing"))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| PackFault::new(name, "pack.file_unreadable").detail(error.to_string()))
}

fn refused(file: &str, refusal: &Refusal) -> PackFault {
    PackFault::new(file, refusal.code).detail(detail_of(refusal))
}

fn detail_of(refusal: &Refusal) -> String {
    let facts = refusal
        .facts
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    facts.chain(refusal.value.clone()).collect::<Vec<_>>().join(" ")
}
