//! Lists of uploads: in whatever order, page by page, each stands there once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

use kernel::{Actor, Role};
use lake::Lake;
use lake::uploads::{AfterUpload, UploadColumn, UploadId, UploadLimits, UploadOrder, Uploads};
use people::staff::PlaceFilter::All;
use programme::Programme;
use store::Direction::{self, Falling, Rising};
use testkit::{TestStore, on_both};

async fn uploads(store: &TestStore) -> Uploads {
    let lake = Lake::open(store.store(), &store.folder().join("lake")).unwrap();
    Uploads::open(lake, UploadLimits::default()).await.unwrap()
}

/// Sends a file of so many bytes after its name, which nobody reads yet, and keeps it.
async fn send(programme: &Programme, uploads: &Uploads, by: &str, name: &str, bytes: usize) -> UploadId {
    let mut receiving = uploads.receive(programme, "intime", name).await.unwrap();
    receiving.write(&vec![b'x'; bytes]).await.unwrap();
    receiving.write(name.as_bytes()).await.unwrap();
    let staged = receiving.finish().await.unwrap();
    let by = Actor::new(by, Role::Fund);
    let sent = uploads.record(by, All, staged, AfterUpload::Hold).await;
    sent.unwrap().into_inner()
}

/// All of a list, two at a time.
async fn walk(
    uploads: &Uploads,
    column: UploadColumn,
    direction: Direction,
    by: Option<&str>,
) -> Vec<UploadId> {
    let order = UploadOrder { column, direction };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = uploads.page(order, by, after, 2).await.unwrap();
        let Some(last) = page.last() else { return seen };
        after = Some(last.id);
        seen.extend(page.iter().map(|upload| upload.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_any_order_hold_each_upload_once_and_one_may_see_only_ones_own() {
    on_both(async |store| {
        let (programme, uploads) = (Programme::built_in().unwrap(), uploads(store).await);
        // Several of one name, and of one size, so that the id decides between them.
        let mut sent = Vec::new();
        for (by, name, rows) in [
            ("lan", "b.csv", 3),
            ("he", "a.csv", 1),
            ("lan", "b.csv", 1),
            ("lan", "c.csv", 3),
            ("lan", "b.csv", 2),
        ] {
            sent.push(send(&programme, &uploads, by, name, rows).await);
        }
        let picked = |order: &[usize]| order.iter().map(|at| sent[*at]).collect::<Vec<_>>();
        for (column, rising) in [
            (UploadColumn::SentAt, [0, 1, 2, 3, 4]),
            (UploadColumn::FileName, [1, 0, 2, 4, 3]),
            (UploadColumn::Size, [1, 2, 4, 0, 3]),
        ] {
            let mut expected = picked(&rising);
            assert_eq!(walk(&uploads, column, Rising, None).await, expected, "{column:?}");
            expected.reverse();
            assert_eq!(
                walk(&uploads, column, Falling, None).await,
                expected,
                "{column:?}"
            );
            let own = picked(&rising.into_iter().filter(|at| *at != 1).collect::<Vec<_>>());
            assert_eq!(
                walk(&uploads, column, Rising, Some("lan")).await,
                own,
                "{column:?}"
            );
        }
        assert_eq!(
            walk(&uploads, UploadColumn::Size, Rising, Some("nobody")).await,
            []
        );
    })
    .await;
}
