//! A backup can be checked, opened and worked on; what happened to it since is found.

use std::path::Path;
use std::sync::Arc;

use kernel::{Actor, Refusal, SystemClock, SystemIds};
use store::{Evidence, Fact, Store, StoreConfig, check_backup};
use testkit::TestStore;

use crate::notes;

/// A store with a fact, a document as its evidence, and a backup of both.
async fn backed_up() -> (TestStore, std::path::PathBuf, String) {
    let store = TestStore::sqlite().await;
    let name = store.documents().put(b"a receipt".to_vec()).await.unwrap();
    let fact = Fact {
        evidence: vec![Evidence::Document { sha256: name.clone() }],
        ..notes::fact(1)
    };
    let recorded = store.write(Actor::system(), move |ctx| {
        Box::pin(async move { ctx.record(fact).await })
    });
    let recorded: Result<_, Refusal> = recorded.await;
    recorded.unwrap();
    let folder = store.folder().join("备份");
    let backup = store.backup(&folder).await.unwrap();
    assert_eq!((backup.documents, backup.document_bytes), (1, 9));
    (store, folder, name)
}

async fn findings(folder: &Path) -> Vec<&'static str> {
    let report = check_backup(folder).await.unwrap();
    report.findings.iter().map(|finding| finding.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_opens_again_with_everything_in_it() {
    let (store, folder, name) = backed_up().await;
    notes::record(&store, 2).await.unwrap();
    assert_eq!(findings(&folder).await, [""; 0]);
    let mut left: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["backup.json", "documents", "fishpond.db"]);

    let config = StoreConfig {
        database: format!("sqlite://{}", folder.join("fishpond.db").display()),
        documents: folder.join("documents").display().to_string(),
    };
    let restored = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap();
    assert_eq!(notes_of(&restored).await, 1);
    assert_eq!(restored.documents().get(&name).await.unwrap(), b"a receipt");
    notes::record(&restored, 3).await.unwrap();
    assert_eq!(restored.verify_facts().await.unwrap().findings, []);
}

async fn notes_of(store: &Store) -> usize {
    notes::numbers(store).await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_with_a_lost_document_or_a_changed_database_is_found() {
    let (_store, folder, name) = backed_up().await;
    let document = folder.join("documents").join(&name[..2]).join(&name);
    std::fs::write(&document, "a receipt!").unwrap();
    assert_eq!(findings(&folder).await, ["store.document_damaged"]);
    std::fs::remove_file(document).unwrap();
    assert_eq!(findings(&folder).await, ["store.document_missing"]);
    let file = folder.join("fishpond.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes
        .windows(12)
        .position(|window| window == b"{\"number\":1}")
        .unwrap();
    bytes[at + 10] = b'7';
    std::fs::write(&file, bytes).unwrap();
    let found = findings(&folder).await;
    assert_eq!(
        found,
        [
            "store.backup_changed",
            "store.fact_changed",
            "store.document_missing"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_holds_something_is_never_overwritten() {
    let (store, folder, _) = backed_up().await;
    assert_eq!(
        store.backup(&folder).await.unwrap_err().code,
        "store.backup_not_empty"
    );
    if let Some(postgres) = TestStore::postgres().await {
        let refusal = postgres.backup(&folder.join("new")).await.unwrap_err();
        assert_eq!(refusal.code, "store.backup_elsewhere");
    }
}
