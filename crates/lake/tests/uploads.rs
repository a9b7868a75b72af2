//! Uploads: sent once, imported once, whatever happens to the worker on the way.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and says where"
)]

mod common;

use std::path::{Path, PathBuf};
use std::time::Duration;

use common::{HEADS, PLAIN, row};
use jiff::SignedDuration;
use kernel::{Actor, Done, Refusal, Role};
use lake::Lake;
use lake::uploads::{
    AfterUpload, JOB_KIND, StagedUpload, Upload, UploadId, UploadLimits, UploadOrder, UploadState, Uploads,
};
use people::places::Places;
use people::staff::PlaceFilter::All;
use programme::Programme;
use testkit::{TestStore, on_both};

/// A programme that has the plain layout beside its own.
fn programme(store: &TestStore) -> Programme {
    let folder = store.folder().join("programme");
    programme::embedded::write_to(&folder).unwrap();
    std::fs::write(folder.join("channels/plain.toml"), PLAIN).unwrap();
    Programme::open(&folder).unwrap()
}

async fn open(store: &TestStore, limits: UploadLimits) -> (Lake, Uploads) {
    let lake = common::open(store);
    let uploads = Uploads::open(lake.clone(), limits).await.unwrap();
    (lake, uploads)
}

fn lan() -> Actor {
    Actor::new("lan", Role::Fund)
}

fn files(store: &TestStore) -> Vec<PathBuf> {
    let folder = store.folder().join("lake/uploads");
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

async fn stage(
    uploads: &Uploads,
    programme: &Programme,
    name: &str,
    text: &str,
) -> Result<StagedUpload, Refusal> {
    let mut receiving = uploads.receive(programme, "plain", name).await?;
    for part in text.as_bytes().chunks(7) {
        receiving.write(part).await?;
    }
    receiving.finish().await
}

async fn send(uploads: &Uploads, programme: &Programme, name: &str, text: &str) -> Done<UploadId> {
    let staged = stage(uploads, programme, name, text).await.unwrap();
    uploads
        .record(lan(), All, staged, AfterUpload::Import)
        .await
        .unwrap()
}

async fn one(uploads: &Uploads, id: UploadId) -> Upload {
    uploads.by_id(id).await.unwrap().unwrap()
}

/// Accepted, rejected, duplicates, net, whether the file was here before.
fn result(upload: &Upload) -> (i64, i64, i64, i64, bool) {
    let UploadState::Imported { import, already, .. } = &upload.state else {
        panic!("not imported: {:?}", upload.state);
    };
    (
        import.accepted,
        import.rejected,
        import.duplicates,
        import.net_fen,
        *already,
    )
}

fn orders() -> String {
    format!(
        "{HEADS}{}{}{}",
        row("A", 1, "1"),
        row("A", 2, "2"),
        row("A", 1, "1")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_sent_is_imported_by_its_name_and_its_bytes_are_taken_away() {
    on_both(async |store| {
        let programme = programme(store);
        let (lake, uploads) = open(store, UploadLimits::default()).await;
        let id = send(&uploads, &programme, "C:\\六月\\订单.csv", &orders()).await;
        assert!(id.is_now());
        let id = id.into_inner();
        let waiting = one(&uploads, id).await;
        assert!(matches!(waiting.state, UploadState::Waiting { .. }));
        assert_eq!(
            (waiting.file_name.as_str(), waiting.uploaded_by.as_str()),
            ("订单.csv", "lan")
        );
        assert_eq!(files(store).len(), 1);

        assert!(uploads.work_one(&programme).await.unwrap());
        assert!(!uploads.work_one(&programme).await.unwrap());
        assert_eq!(result(&one(&uploads, id).await), (2, 0, 1, 300, false));
        assert_eq!(files(store), Vec::<PathBuf>::new());
        assert_eq!(lake.imports().await.unwrap()[0].file_name, "订单.csv");
        let facts = store.facts_page(0, 10).await.unwrap();
        let told: Vec<(&str, &str)> = facts
            .iter()
            .map(|fact| (fact.kind.as_str(), fact.actor.as_str()))
            .collect();
        assert_eq!(told, [("sales.uploaded", "lan"), ("sales.imported", "lan")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_sent_twice_is_there_once() {
    on_both(async |store| {
        let programme = programme(store);
        let (lake, uploads) = open(store, UploadLimits::default()).await;
        let id = send(&uploads, &programme, "a.csv", &orders()).await.into_inner();
        assert_eq!(
            send(&uploads, &programme, "b.csv", &orders()).await,
            Done::Already(id)
        );
        assert!(uploads.work_one(&programme).await.unwrap());
        assert_eq!(
            send(&uploads, &programme, "c.csv", &orders()).await,
            Done::Already(id)
        );
        assert!(!uploads.work_one(&programme).await.unwrap());
        assert_eq!(files(store), Vec::<PathBuf>::new());
        assert_eq!(lake.imports().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_the_lake_holds_already_says_so_and_adds_nothing() {
    on_both(async |store| {
        let programme = programme(store);
        let (lake, uploads) = open(store, UploadLimits::default()).await;
        let path = common::file(store, "a.csv", orders());
        common::import(&lake, &common::plain(), &path).await.unwrap();
        store.clock().advance(SignedDuration::from_secs(1));
        let id = send(&uploads, &programme, "a.csv", &orders()).await.into_inner();
        assert!(uploads.work_one(&programme).await.unwrap());
        assert_eq!(result(&one(&uploads, id).await), (2, 0, 1, 300, true));
        assert_eq!(lake.imports().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_died_before_or_after_its_import_is_taken_up_with_equal_totals() {
    on_both(async |store| {
        let programme = programme(store);
        let (lake, uploads) = open(store, UploadLimits::default()).await;
        let id = send(&uploads, &programme, "a.csv", &orders()).await.into_inner();
        let jobs = store.jobs();
        // The first worker dies with nothing done, the second between the import and the end of the job.
        let minute = Duration::from_mins(1);
        let first = jobs.claim(JOB_KIND, minute).await.unwrap().unwrap();
        jobs.progress(&first, 10, 100).await.unwrap();
        let UploadState::Importing { done, total, .. } = one(&uploads, id).await.state else {
            panic!("it is being imported");
        };
        assert_eq!((done, total), (10, 100));
        let refused = uploads.discard(lan(), id).await;
        assert_eq!(refused.unwrap_err().code, "sales.upload_in_use");
        assert!(!uploads.work_one(&programme).await.unwrap());
        store.clock().advance(SignedDuration::from_secs(61));
        assert!(jobs.claim(JOB_KIND, minute).await.unwrap().is_some());
        let bytes = store.folder().join("lake/uploads").join(id.to_string());
        std::fs::copy(&bytes, store.folder().join("a.csv")).unwrap();
        let path = store.folder().join("a.csv");
        common::import(&lake, &common::plain(), &path).await.unwrap();
        store.clock().advance(SignedDuration::from_secs(61));

        let again = Uploads::open(lake.clone(), UploadLimits::default())
            .await
            .unwrap();
        assert!(again.work_one(&programme).await.unwrap());
        assert_eq!(result(&one(&again, id).await), (2, 0, 1, 300, false));
        assert_eq!(
            jobs.progress(&first, 50, 100).await.unwrap_err().code,
            "store.lease_lost"
        );
        assert_eq!(lake.imports().await.unwrap().len(), 1);
        assert_eq!(lake.check().await.unwrap(), []);
        assert_eq!(files(store), Vec::<PathBuf>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_waits_for_jobs_and_stops_when_it_is_told() {
    let store = TestStore::sqlite().await;
    let programme = programme(&store);
    let (_, uploads) = open(&store, UploadLimits::default()).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (worker, known) = (uploads.clone(), programme.clone());
    let worker = tokio::spawn(async move {
        worker
            .run_import_jobs(&known, async { drop(stopped.await) })
            .await;
    });
    let id = send(&uploads, &programme, "a.csv", &orders()).await.into_inner();
    let imported = async {
        while !matches!(one(&uploads, id).await.state, UploadState::Imported { .. }) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), imported)
        .await
        .unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_mins(1), worker)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_refused_says_why_stays_for_a_look_and_can_be_discarded() {
    on_both(async |store| {
        let programme = programme(store);
        let (_, uploads) = open(store, UploadLimits::default()).await;
        let text = format!("{HEADS}A,1,2018-02-30,621226,P1,,1,3\n");
        let id = send(&uploads, &programme, "bad.csv", &text).await.into_inner();
        assert!(uploads.work_one(&programme).await.unwrap());
        let UploadState::Failed { failure } = one(&uploads, id).await.state else {
            panic!("it failed");
        };
        assert_eq!(
            (failure.code.as_str(), failure.at.as_deref()),
            ("sales.no_line_accepted", Some("bad.csv:2:day"))
        );
        let looked = uploads.preview(&programme, Places::national(), id).await.unwrap();
        assert_eq!((looked.file.as_str(), looked.rejects.len()), ("bad.csv", 1));

        assert!(uploads.start(lan(), id).await.unwrap().is_now());
        assert!(!uploads.start(lan(), id).await.unwrap().is_now());
        assert!(uploads.work_one(&programme).await.unwrap());
        assert!(matches!(
            one(&uploads, id).await.state,
            UploadState::Failed { .. }
        ));
        assert!(uploads.discard(lan(), id).await.unwrap().is_now());
        assert!(!uploads.discard(lan(), id).await.unwrap().is_now());
        assert_eq!(files(store), Vec::<PathBuf>::new());
        assert_eq!(
            uploads.start(lan(), id).await.unwrap_err().code,
            "sales.upload_discarded"
        );
        let looked = uploads.preview(&programme, Places::national(), id).await;
        assert_eq!(looked.unwrap_err().code, "sales.upload_missing");
        assert!(send(&uploads, &programme, "bad.csv", &text).await.is_now());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_file_is_looked_at_and_imported_when_asked() {
    on_both(async |store| {
        let programme = programme(store);
        let (_, uploads) = open(store, UploadLimits::default()).await;
        let staged = stage(&uploads, &programme, "a.csv", &orders()).await.unwrap();
        let id = uploads
            .record(lan(), All, staged, AfterUpload::Hold)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(one(&uploads, id).await.state, UploadState::Held);
        assert!(!uploads.work_one(&programme).await.unwrap());
        let looked = uploads.preview(&programme, Places::national(), id).await.unwrap();
        assert_eq!((looked.rows_read, looked.rejects.len()), (3, 0));
        assert!(uploads.start(lan(), id).await.unwrap().is_now());
        assert!(uploads.work_one(&programme).await.unwrap());
        assert_eq!(result(&one(&uploads, id).await).0, 2);
        let refused = uploads.discard(lan(), id).await;
        assert_eq!(refused.unwrap_err().code, "sales.upload_imported");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_or_broken_off_on_the_way_in_leaves_nothing() {
    let store = TestStore::sqlite().await;
    let programme = programme(&store);
    let limits = UploadLimits {
        file_bytes_max: 200,
        kept_bytes_max: 1_000,
    };
    let (_, uploads) = open(&store, limits).await;
    let unknown = uploads.receive(&programme, "none", "a.csv").await.map(drop);
    assert_eq!(unknown.unwrap_err().code, "programme.no_such_layout");
    let empty = stage(&uploads, &programme, "a.csv", "").await;
    assert_eq!(empty.unwrap_err().code, "sales.upload_empty");
    let large = stage(&uploads, &programme, "a.csv", &"x".repeat(201)).await;
    assert_eq!(large.unwrap_err().code, "sales.upload_too_large");
    let mut receiving = uploads.receive(&programme, "plain", "a.csv").await.unwrap();
    receiving.write(b"half").await.unwrap();
    drop(receiving);
    drop(stage(&uploads, &programme, "a.csv", "whole").await.unwrap());
    assert_eq!(files(&store), Vec::<PathBuf>::new());
    assert_eq!(
        uploads
            .page(UploadOrder::default(), None, None, 10)
            .await
            .unwrap(),
        []
    );
    let none = uploads.start(lan(), UploadId::next(&kernel::SystemIds)).await;
    assert_eq!(none.unwrap_err().code, "sales.no_such_upload");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_failed_files_make_room_and_nothing_else_does() {
    on_both(async |store| {
        let programme = programme(store);
        let bad = |number: u32| format!("{HEADS}A,{number},never,621226,P1,,1,3\n");
        let bytes = u64::try_from(bad(1).len()).unwrap();
        let limits = UploadLimits {
            file_bytes_max: 1 << 20,
            kept_bytes_max: 2 * bytes + 1,
        };
        let (_, uploads) = open(store, limits).await;
        let mut ids = Vec::new();
        for number in 1..=3 {
            ids.push(
                send(&uploads, &programme, "bad.csv", &bad(number))
                    .await
                    .into_inner(),
            );
            assert!(uploads.work_one(&programme).await.unwrap());
        }
        let UploadState::Discarded { by, failure, .. } = one(&uploads, ids[0]).await.state else {
            panic!("the oldest made room");
        };
        assert_eq!((by.as_str(), failure.is_some()), ("system", true));
        assert_eq!(files(store).len(), 2);

        for number in 4..=5 {
            ids.push(
                send(&uploads, &programme, "bad.csv", &bad(number))
                    .await
                    .into_inner(),
            );
        }
        let staged = stage(&uploads, &programme, "bad.csv", &bad(6)).await.unwrap();
        let full = uploads.record(lan(), All, staged, AfterUpload::Import).await;
        assert_eq!(full.unwrap_err().code, "sales.uploads_full", "waiting files stay");
        assert_eq!(files(store).len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_without_a_row_are_swept_and_a_row_without_its_file_says_so() {
    let store = TestStore::sqlite().await;
    let programme = programme(&store);
    let (lake, uploads) = open(&store, UploadLimits::default()).await;
    let id = send(&uploads, &programme, "a.csv", &orders()).await.into_inner();
    let folder: &Path = &store.folder().join("lake/uploads");
    std::fs::write(folder.join("01890a5d-ac96-774b-bcce-b302099a8057.part"), "half").unwrap();
    let uploads = Uploads::open(lake, UploadLimits::default()).await.unwrap();
    assert_eq!(files(&store), [folder.join(id.to_string())]);

    std::fs::remove_file(folder.join(id.to_string())).unwrap();
    assert!(uploads.work_one(&programme).await.unwrap());
    let UploadState::Failed { failure } = one(&uploads, id).await.state else {
        panic!("it failed");
    };
    assert_eq!(failure.code, "sales.upload_missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_understood_by_both_databases() {
    on_both(async |store| {
        for statement in lake::uploads::STATEMENTS {
            store.prepare(statement).await.unwrap();
        }
    })
    .await;
}
