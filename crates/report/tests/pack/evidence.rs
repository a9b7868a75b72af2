//! A small lake with two order files, its report and its pack.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Actor, Period};
use lake::Lake;
use lake::figures::{FigureEngine, FigureTables};
use people::places::Places;
use programme::Programme;
use report::pack::{self, PackInput, PackSegment};
use report::{BuildInput, HalfYearReport, ReportKey};
use testkit::TestStore;

/// What a test needs; the folder goes with it.
pub struct Evidence {
    pub store: TestStore,
    pub lake: Lake,
    pub report: HalfYearReport,
    pub pack: PathBuf,
}

/// County, orders, fen an order. The last two counties are small groups.
const COUNTIES: [(u32, u32, i64); 7] = [
    (621_126, 40, 12_345_678_901),
    (621_226, 30, 5_050),
    (532_528, 25, 99_999),
    (530_925, 12, 1_201),
    (330_106, 20, 770_077),
    (540_127, 3, 12_345),
    (632_624, 2, 5),
];

/// Imports the files, builds the report and packs it.
pub async fn evidence() -> Evidence {
    let store = TestStore::sqlite().await;
    let folder = store.folder().to_path_buf();
    let programme_dir = folder.join("programme");
    programme::embedded::write_to(&programme_dir).unwrap();
    let programme = Programme::open(&programme_dir).unwrap();
    let lake = Lake::open(store.store(), &folder.join("lake")).unwrap();
    for (file, months) in [("一月至三月.csv", [1, 2, 3]), ("四月至六月.csv", [4, 5, 6])] {
        let path = folder.join(file);
        std::fs::write(&path, orders(months)).unwrap();
        let imported = lake
            .import(
                Actor::system(),
                programme.layout("xingnong").unwrap(),
                &path,
                &|_, _| {},
            )
            .await
            .unwrap();
        assert_eq!(imported.import.rejected, 0, "{:?}", imported.first_rejects);
    }
    let period: Period = "2018H1".parse().unwrap();
    let tables = Arc::new(FigureTables::of(&programme, Places::national()).unwrap());
    let engine = FigureEngine::over_rollups(&lake, &tables, period).await.unwrap();
    let key = ReportKey::from_seed([42; 32]);
    let input = BuildInput {
        lake: &lake,
        engine: &engine,
        programme: &programme,
        places: Places::national(),
        made_at: "2018-07-02T04:00:00Z".parse().unwrap(),
        key: &key,
    };
    let report = report::build(input).await.unwrap();
    let pack = folder.join("pack.tar");
    write_pack(&pack, &lake, &report, &programme, &programme_dir, &key).await;
    Evidence {
        store,
        lake,
        report,
        pack,
    }
}

/// The evidence packed again with its report as it stands now, signed by another key.
pub async fn repack(evidence: &Evidence) -> PathBuf {
    let programme_dir = evidence.store.folder().join("programme");
    let programme = Programme::open(&programme_dir).unwrap();
    let pack = evidence.pack.with_file_name("again.tar");
    write_pack(
        &pack,
        &evidence.lake,
        &evidence.report,
        &programme,
        &programme_dir,
        &ReportKey::from_seed([43; 32]),
    )
    .await;
    pack
}

async fn write_pack(
    pack: &Path,
    lake: &Lake,
    report: &HalfYearReport,
    programme: &Programme,
    programme_dir: &Path,
    key: &ReportKey,
) {
    let segments: Vec<PackSegment> = lake
        .segments()
        .await
        .unwrap()
        .into_iter()
        .map(PackSegment::from)
        .collect();
    let tables = Arc::new(FigureTables::of(programme, Places::national()).unwrap());
    let input = PackInput {
        sealed: Path::new("evidence"),
        report,
        segments: &segments,
        tables: &tables,
        programme_dir,
    };
    let summary = pack::build(pack, input, key).unwrap();
    assert_eq!(summary.segments, 2);
    let first = std::fs::read(pack).unwrap();
    pack::build(pack, input, key).unwrap();
    assert!(
        first == std::fs::read(pack).unwrap(),
        "the same evidence and clock give the same bytes"
    );
}

/// An order file of the produce channel: a third of each county's orders in each file's months, one of ten taken back.
fn orders(months: [u32; 3]) -> String {
    let mut csv = String::from("订单编号,行号,付款时间,产地县代码,商品编码,商品名称,数量,实付金额\n");
    for (county, orders, fen) in COUNTIES {
        for order in 0..orders {
            let month = order % 6 + 1;
            if !months.contains(&month) {
                continue;
            }
            let (yuan, rest) = (fen / 100, fen % 100);
            let number = format!("{county}{order:04}");
            writeln!(
                csv,
                "{number},1,2018-{month:02}-{:02} 09:30:00,{county},P{},苹果,2,{yuan}.{rest:02}",
                order % 28 + 1,
                order % 3
            )
            .unwrap();
            if order % 10 == 9 {
                writeln!(
                    csv,
                    "SIM-TK{number},1,2018-{month:02}-28,{county},P{},苹果,-2,-{yuan}.{rest:02}",
                    order % 3
                )
                .unwrap();
            }
        }
    }
    csv
}
