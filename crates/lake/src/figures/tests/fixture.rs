//! A handful of hand-made sales, written as segments and rollups, and both engines over them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use people::places::Places;
use programme::{FigureDef, Programme};
use proptest::prelude::*;

use super::super::*;
use crate::Seals;
use crate::segments::{line_schema, rollup_schema};

/// Channel, month, place, product, currency, fen, cancelled.
pub type Sale = (&'static str, i32, i32, &'static str, &'static str, i64, bool);

/// Min (621126) and Li (621226) of Gansu are on the list of 832; Xihu of Hangzhou (330106) is not.
pub const FIRST: [Sale; 6] = [
    ("xingnong", 201_801, 621_126, "A", "CNY", 10_050, false),
    ("xingnong", 201_801, 621_126, "A", "CNY", -50, true),
    ("xingnong", 201_806, 330_106, "B", "CNY", 700, false),
    ("hema", 201_803, 621_226, "C", "CNY", 10_000_000_001, false),
    ("hema", 201_803, 621_226, "C", "GBP", 99, false),
    ("hema", 201_712, 621_226, "C", "CNY", 5_000, false),
];
pub const SECOND: [Sale; 3] = [
    ("platform", 201_806, 621_126, "A", "CNY", 10_000_000_000, false),
    ("platform", 201_807, 621_126, "A", "CNY", 1, false),
    ("xingnong", 201_802, 653_130, "D", "CNY", -8, true),
];

fn lines_of(sales: &[Sale]) -> RecordBatch {
    let text = |of: fn(&Sale) -> &'static str| -> ArrayRef {
        Arc::new(sales.iter().map(|s| Some(of(s))).collect::<StringArray>())
    };
    let small = |of: fn(&Sale) -> i32| -> ArrayRef { Arc::new(sales.iter().map(of).collect::<Int32Array>()) };
    let columns: Vec<ArrayRef> = vec![
        text(|s| s.0),
        text(|_| "order"),
        Arc::new(Int64Array::new_null(sales.len())),
        Arc::new(Date32Array::from(vec![17_595; sales.len()])),
        small(|s| s.1),
        small(|s| s.2),
        text(|s| s.3),
        text(|s| s.4),
        Arc::new(Int64Array::from(vec![1_000; sales.len()])),
        Arc::new(sales.iter().map(|s| s.5).collect::<Int64Array>()),
        Arc::new(sales.iter().map(|s| Some(s.6)).collect::<BooleanArray>()),
        Arc::new((2..).take(sales.len()).collect::<Int64Array>()),
    ];
    RecordBatch::try_new(line_schema(), columns).unwrap()
}

/// Sums written down the plain way, apart from the lake's own rollups.
fn rollup_of(sales: &[Sale]) -> RecordBatch {
    let mut cells: BTreeMap<_, [i64; 5]> = BTreeMap::new();
    for (channel, month, place, product, currency, fen, cancelled) in sales {
        let cell = cells
            .entry((channel, month, place, product, currency))
            .or_default();
        let gross = if *cancelled { 0 } else { *fen };
        for (sum, part) in cell
            .iter_mut()
            .zip([1, i64::from(*cancelled), 1_000, gross, *fen])
        {
            *sum += part;
        }
    }
    let whole =
        |at: usize| -> ArrayRef { Arc::new(cells.values().map(|cell| cell[at]).collect::<Int64Array>()) };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(cells.keys().map(|key| Some(*key.0)).collect::<StringArray>()),
        Arc::new(cells.keys().map(|key| *key.1).collect::<Int32Array>()),
        Arc::new(cells.keys().map(|key| *key.2).collect::<Int32Array>()),
        Arc::new(cells.keys().map(|key| Some(*key.3)).collect::<StringArray>()),
        Arc::new(cells.keys().map(|key| Some(*key.4)).collect::<StringArray>()),
        whole(0),
        whole(1),
        whole(2),
        whole(3),
        whole(4),
    ];
    RecordBatch::try_new(rollup_schema(), columns).unwrap()
}

fn write(batch: &RecordBatch, path: &Path) {
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

/// Evidence in a folder whose name would be a pattern if it were not taken as it is.
fn evidence(folder: &Path, segments: &[&[Sale]]) -> Evidence {
    let folder = folder.join("证据 [1] 50%*");
    std::fs::create_dir_all(&folder).unwrap();
    let mut files = Vec::new();
    for (number, sales) in segments.iter().enumerate() {
        let (lines, rollup) = (
            folder.join(format!("{number}.parquet")),
            folder.join(format!("{number}.rollup.parquet")),
        );
        write(&lines_of(sales), &lines);
        write(&rollup_of(sales), &rollup);
        files.push(EvidenceFile {
            segment_sha256: format!("segment {number}"),
            file_name: format!("file {number}.csv"),
            file_sha256: format!("file {number}"),
            lines,
            rollup,
        });
    }
    let all = folder.join("all.parquet");
    write(&rollup_of(&segments.concat()), &all);
    Evidence {
        files,
        rollup: Some(all),
        seals: Seals::new(),
    }
}

pub struct Both {
    pub programme: Programme,
    pub rollups: FigureEngine,
    pub lines: FigureEngine,
    _folder: tempfile::TempDir,
}

pub async fn both(segments: &[&[Sale]], period: &str) -> Both {
    let programme = Programme::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let evidence = if segments.is_empty() {
        Evidence::default()
    } else {
        evidence(folder.path(), segments)
    };
    let tables = Arc::new(FigureTables::of(&programme, Places::national()).unwrap());
    let period = period.parse().unwrap();
    let rollups = FigureEngine::rollups_of(evidence.clone(), &tables, period, None)
        .await
        .unwrap();
    let lines = FigureEngine::lines_of(evidence, &tables, period, None)
        .await
        .unwrap();
    Both {
        programme,
        rollups,
        lines,
        _folder: folder,
    }
}

impl Both {
    pub fn figure(&self, id: &str) -> &FigureDef {
        self.programme.figure(id).unwrap()
    }

    pub async fn value(&self, id: &str) -> i64 {
        let outcome = audit(self.figure(id), &self.rollups, &self.lines).await.unwrap();
        assert!(outcome.equal, "{id}: {outcome:?}");
        outcome.rollup.unwrap()
    }
}

/// Any sale.
pub fn sale() -> impl Strategy<Value = Sale> {
    (
        prop::sample::select(vec!["xingnong", "hema", "platform"]),
        prop::sample::select(vec![201_712, 201_801, 201_806, 201_807]),
        prop::sample::select(vec![621_126, 621_226, 330_106, 653_130]),
        prop::sample::select(vec!["A", "B", "C"]),
        prop::sample::select(vec!["CNY", "GBP"]),
        0_i64..20_000_000_000,
        any::<bool>(),
    )
        .prop_map(|(channel, month, place, product, currency, fen, cancelled)| {
            (
                channel,
                month,
                place,
                product,
                currency,
                if cancelled { -fen } else { fen },
                cancelled,
            )
        })
}
