//! Imports of people whose right is bound to places: rows of other places are rejected, whoever starts the import.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and says where"
)]

mod common;

use common::{HEADS, PLAIN, row};
use jiff::SignedDuration;
use kernel::{Actor, Done, Role};
use lake::Lake;
use lake::intake::OrderFile;
use lake::uploads::{AfterUpload, StagedUpload, Upload, UploadId, UploadLimits, UploadState, Uploads};
use people::places::Places;
use people::staff::PlaceFilter;
use programme::{Layout, Programme};
use testkit::{TestStore, on_both};

/// A programme that has the plain layout beside its own.
fn programme(store: &TestStore) -> Programme {
    let folder = store.folder().join("programme");
    programme::embedded::write_to(&folder).unwrap();
    std::fs::write(folder.join("channels/plain.toml"), PLAIN).unwrap();
    Programme::open(&folder).unwrap()
}

async fn open(store: &TestStore) -> (Lake, Uploads) {
    let lake = common::open(store);
    let uploads = Uploads::open(lake.clone(), UploadLimits::default())
        .await
        .unwrap();
    (lake, uploads)
}

fn within(codes: &[&str]) -> PlaceFilter {
    PlaceFilter::Within(codes.iter().map(|code| code.parse().unwrap()).collect())
}

/// Two rows of 621226 with one of 532528 between them.
fn two_counties() -> String {
    let other = "A,2,2018-03-05,532528,P1,苹果,1,2\n";
    format!("{HEADS}{}{other}{}", row("A", 1, "1"), row("A", 3, "4"))
}

async fn staged(uploads: &Uploads, programme: &Programme) -> StagedUpload {
    let mut receiving = uploads.receive(programme, "plain", "two.csv").await.unwrap();
    receiving.write(two_counties().as_bytes()).await.unwrap();
    receiving.finish().await.unwrap()
}

/// Sends the file for places and has it imported.
async fn send(uploads: &Uploads, programme: &Programme, places: PlaceFilter) -> Upload {
    let (staged, county) = (staged(uploads, programme).await, Actor::new("li", Role::County));
    let sent: Done<UploadId> = uploads
        .record(county, places, staged, AfterUpload::Import)
        .await
        .unwrap();
    assert!(sent.is_now());
    assert!(uploads.work_one(programme).await.unwrap());
    uploads.by_id(sent.into_inner()).await.unwrap().unwrap()
}

/// Accepted, rejected, duplicates, net.
fn result(upload: &Upload) -> (i64, i64, i64, i64) {
    let UploadState::Imported { import, .. } = &upload.state else {
        panic!("not imported: {:?}", upload.state);
    };
    (
        import.accepted,
        import.rejected,
        import.duplicates,
        import.net_fen,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn each_brings_the_rows_of_its_own_places_and_no_row_counts_twice() {
    on_both(async |store| {
        let programme = programme(store);
        let (lake, uploads) = open(store).await;
        let first = send(&uploads, &programme, within(&["621226"])).await;
        assert_eq!(result(&first), (2, 1, 0, 500));
        // The same bytes are another's own file, and the whole country's: only what is not here yet is added.
        let province = send(&uploads, &programme, within(&["530000"])).await;
        assert_eq!(result(&province), (1, 2, 0, 200));
        let path = common::file(store, "two.csv", two_counties());
        let whole = common::import(&lake, &common::plain(), &path)
            .await
            .unwrap()
            .import;
        assert_eq!((whole.accepted, whole.rejected, whole.duplicates), (0, 0, 3));
        assert_eq!(lake.imports().await.unwrap().len(), 3);
        // After the whole country's import, a part of it has nothing to add and is no import of its own.
        store.clock().advance(SignedDuration::from_secs(1));
        let after = send(&uploads, &programme, within(&["621200"])).await;
        assert!(matches!(after.state, UploadState::Imported { already: true, .. }));
        assert_eq!(lake.imports().await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_a_file_names_the_rows_of_other_places() {
    on_both(async |store| {
        let programme = programme(store);
        let (_lake, uploads) = open(store).await;
        let (staged, county) = (staged(&uploads, &programme).await, Actor::new("li", Role::County));
        let held = uploads
            .record(county, within(&["621226"]), staged, AfterUpload::Hold)
            .await;
        let id = held.unwrap().into_inner();
        let look = uploads.preview(&programme, Places::national(), id).await.unwrap();
        let rejects: Vec<_> = look.rejects.iter().collect();
        let [reject] = rejects[..] else {
            panic!("{rejects:?}")
        };
        assert_eq!(
            (
                reject.line,
                reject.field.as_str(),
                reject.value.as_str(),
                reject.code
            ),
            (3, "county", "532528", "sales.place_not_yours")
        );
        assert_eq!(look.lines.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_place_hands_nothing_in_and_a_file_of_other_places_is_refused_whole() {
    on_both(async |store| {
        let programme = programme(store);
        let (lake, uploads) = open(store).await;
        let (file, nobody) = (staged(&uploads, &programme).await, Actor::new("wu", Role::County));
        let refused = uploads
            .record(nobody, within(&[]), file, AfterUpload::Import)
            .await;
        assert_eq!(refused.unwrap_err().code, "staff.denied");
        let left = std::fs::read_dir(store.folder().join("lake/uploads")).unwrap();
        assert_eq!(left.count(), 0);

        let elsewhere = send(&uploads, &programme, within(&["110101"])).await;
        let UploadState::Failed { failure } = elsewhere.state else {
            panic!("not refused")
        };
        assert_eq!(failure.code, "sales.no_line_accepted");
        assert!(failure.message.zh.contains("不在您负责的地方之内"), "{failure:?}");
        assert!(lake.imports().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_place_that_a_layout_fixes_has_to_be_ones_own_too() {
    on_both(async |store| {
        let fixed = PLAIN.replace("[place]\ncolumn = [\"county\"]", "[place]\ncode = \"532528\"");
        let layout = Layout::read("channels/plain.toml", &fixed).unwrap();
        let lake = common::open(store);
        let path = common::file(store, "fixed.csv", two_counties());
        let file = OrderFile::open(&path).unwrap();
        let import = async |places: PlaceFilter| {
            let actor = Actor::new("li", Role::County);
            lake.import_file(actor, &places, &layout, &file, &|_, _| {}).await
        };
        assert_eq!(
            import(within(&["621226"])).await.unwrap_err().code,
            "sales.no_line_accepted"
        );
        assert_eq!(import(within(&["532500"])).await.unwrap().import.accepted, 3);
    })
    .await;
}
