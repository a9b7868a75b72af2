//! A draft made from a small lake: its documents are the report, the folder and the pack, and stay what they were.

use std::sync::Arc;

use kernel::{Actor, Period};
use lake::Lake;
use lake::figures::FigureTables;
use people::places::Places;
use programme::Programme;
use report::periods::{self, DRAFT_STAGES, DraftInput, Kept, make_draft};
use report::{OutputFile, ReportKey, Sources, pack};
use testkit::TestStore;

/// Orders of one county, one a row.
fn orders(from: u32, to: u32) -> String {
    let heads = "订单编号,行号,付款时间,产地县代码,商品编码,商品名称,数量,实付金额\n";
    let row = |order| format!("A{order:04},1,2018-03-05 09:30:00,621226,P1,苹果,1,12.50\n");
    std::iter::once(heads.to_owned())
        .chain((from..to).map(row))
        .collect()
}

async fn import(store: &TestStore, lake: &Lake, programme: &Programme, name: &str, text: String) {
    let path = store.folder().join(name);
    std::fs::write(&path, text).unwrap();
    let layout = programme.layout("xingnong").unwrap();
    let imported = lake.import(Actor::system(), layout, &path, &|_, _| {}).await;
    assert_eq!(imported.unwrap().import.rejected, 0);
}

fn can_be_sent<T: Send>(future: T) -> T {
    future
}

async fn draft(store: &TestStore, lake: &Lake, programme: &Programme) -> Kept {
    let period: Period = "2018H1".parse().unwrap();
    let (key, folder) = (ReportKey::from_seed([42; 32]), store.folder().join("programme"));
    let tables = Arc::new(FigureTables::of(programme, Places::national()).unwrap());
    let input = DraftInput {
        store,
        sources: Sources {
            lake,
            programme,
            programme_dir: &folder,
            places: Places::national(),
            tables: &tables,
            key: &key,
        },
        period,
        made_at: "2018-07-02T04:00:00Z".parse().unwrap(),
        more_files: &|_| {
            Ok(vec![OutputFile {
                path: "report.zh.pdf".into(),
                bytes: b"%PDF".to_vec(),
            }])
        },
        scratch: &store.folder().join("scratch"),
    };
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |done, total| told.lock().unwrap().push((done, total));
    let making = make_draft(input, &tell);
    let kept = can_be_sent(making).await.unwrap();
    let steps: Vec<(u64, u64)> = (0..=DRAFT_STAGES).map(|step| (step, DRAFT_STAGES)).collect();
    assert_eq!(*told.lock().unwrap(), steps);
    kept
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_keeps_report_folder_and_pack_and_reads_back_whole() {
    let store = TestStore::sqlite().await;
    let folder = store.folder().join("programme");
    programme::embedded::write_to(&folder).unwrap();
    let programme = Programme::open(&folder).unwrap();
    let lake = Lake::open(store.store(), &store.folder().join("lake")).unwrap();
    import(&store, &lake, &programme, "a.csv", orders(0, 40)).await;

    let kept = draft(&store, &lake, &programme).await;
    assert_eq!(
        draft(&store, &lake, &programme).await,
        kept,
        "the same evidence, time and key are the same bytes"
    );
    let report = periods::load_report(&store, &kept.report_sha256).await.unwrap();
    assert_eq!((report.period.id.as_str(), report.evidence.rows), ("2018H1", 40));
    let manifest = periods::files(&store, &kept).await.unwrap();
    let paths: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    for path in [
        "index.zh.html",
        "report.en.xlsx",
        "report.json",
        "report.zh.pdf",
        "report.zh.xlsx",
    ] {
        assert!(paths.contains(&path), "{path}: {paths:?}");
        assert!(!periods::file(&store, &kept, path).await.unwrap().is_empty());
    }
    let none = periods::file(&store, &kept, "../keys/report.key").await;
    assert_eq!(none.unwrap_err().code, "report.no_such_file");
    assert_eq!(
        std::fs::read_dir(store.folder().join("scratch")).unwrap().count(),
        0
    );

    // Evidence that comes later changes the next draft and nothing of this one.
    import(&store, &lake, &programme, "b.csv", orders(40, 60)).await;
    let next = draft(&store, &lake, &programme).await;
    assert_ne!(next.report_sha256, kept.report_sha256);
    assert_ne!(next.pack_sha256, kept.pack_sha256);
    let tar = store.folder().join("pack.tar");
    store.documents().get_file(&kept.pack_sha256, &tar).await.unwrap();
    let verified = pack::verify(&tar, store.folder()).await.unwrap();
    assert!(verified.ok, "{:?}", verified.faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_holds_the_evidence_its_report_names_and_no_later_one() {
    let store = TestStore::sqlite().await;
    let folder = store.folder().join("programme");
    programme::embedded::write_to(&folder).unwrap();
    let programme = Programme::open(&folder).unwrap();
    let lake = Lake::open(store.store(), &store.folder().join("lake")).unwrap();
    import(&store, &lake, &programme, "a.csv", orders(0, 40)).await;
    let key = ReportKey::from_seed([42; 32]);
    let tables = Arc::new(FigureTables::of(&programme, Places::national()).unwrap());
    let sources = Sources {
        lake: &lake,
        programme: &programme,
        programme_dir: &folder,
        places: Places::national(),
        tables: &tables,
        key: &key,
    };
    let period: Period = "2018H1".parse().unwrap();
    let made_at = "2018-07-02T04:00:00Z".parse().unwrap();
    let report = sources.report(period, made_at).await.unwrap();
    import(&store, &lake, &programme, "b.csv", orders(40, 60)).await;
    let tar = store.folder().join("pack.tar");
    assert_eq!(sources.pack(&report, &tar).await.unwrap().segments, 1);
    let verified = pack::verify(&tar, store.folder()).await.unwrap();
    assert!(verified.ok, "{:?}", verified.faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_no_report_is_refused() {
    let store = TestStore::sqlite().await;
    let sha256 = store.documents().put(b"{}".to_vec()).await.unwrap();
    let loaded = periods::load_report(&store, &sha256).await;
    assert_eq!(loaded.unwrap_err().code, "report.unreadable");
}
