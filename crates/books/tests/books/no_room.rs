//! No room on the disk: posts are refused by name, those acknowledged are there, and once there is room it goes on.

use std::path::Path;
use std::sync::Arc;

use books::Books;
use futures::future::join_all;
use kernel::{Actor, SystemClock, SystemIds};
use store::{Store, StoreConfig};
use tempfile::TempDir;
use testkit::Disk;

use crate::periods::{gift, open_accounts};

async fn open(folder: &Path) -> Store {
    let config = StoreConfig {
        database: format!("sqlite://{}", folder.join("fishpond.db").display()),
        documents: folder.join("documents").display().to_string(),
    };
    Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap()
}

/// Eight callers post until one is refused; answers the keys that were acknowledged.
async fn post_until_refused(books: &Books) -> Vec<String> {
    let callers = (0..8_i64).map(|caller| {
        let books = books.clone();
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                let new = gift(caller * 1_000_000 + number);
                let key = new.key.clone();
                match books.post(Actor::system(), new).await {
                    Ok(done) => assert!(done.is_now()),
                    Err(refusal) => {
                        assert_eq!(refusal.code, "store.disk_full");
                        return acknowledged;
                    }
                }
                acknowledged.push(key);
            }
            acknowledged
        })
    });
    let lists = join_all(callers).await;
    lists.into_iter().flat_map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_posts_and_keeps_those_that_were_acknowledged() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk"), 3_000) else {
        println!("no small disk can be mounted here");
        return;
    };
    let store = open(disk.path()).await;
    open_accounts(&store).await;
    let acknowledged = post_until_refused(&Books::new(store.clone())).await;
    assert!(acknowledged.len() > 100, "{}", acknowledged.len());

    disk.grow(64 << 10);
    let books = Books::new(store.clone());
    assert_eq!(books::check(&store).await.unwrap(), []);
    let mut reader = store.read().await.unwrap();
    for key in &acknowledged {
        assert!(
            books::entry_by_key(&mut reader, key).await.unwrap().is_some(),
            "{key}"
        );
    }
    let entries = books::entries_page(&mut reader, None, 1_000_000).await.unwrap();
    assert_eq!(entries.len(), acknowledged.len(), "what was refused is not there");
    drop(reader);
    assert!(books.post(Actor::system(), gift(-1)).await.unwrap().is_now());
    assert_eq!(books::check(&store).await.unwrap(), []);
    assert_eq!(store.verify_facts().await.unwrap().findings, []);
    store.close().await;
}
