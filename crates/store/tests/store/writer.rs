//! The writer: groups, savepoints, callers that leave, several processes, a full disk.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use kernel::{Actor, Fault, Refusal};
use store::args;
use testkit::on_both;

use crate::notes;

/// Holds the writer for a while, so that what is sent meanwhile becomes one group.
async fn hold(store: &store::Store) {
    let store = store.clone();
    tokio::spawn(async move {
        let held = store.write(Actor::system(), |_| {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                Ok::<_, Refusal>(())
            })
        });
        held.await.unwrap();
    });
    tokio::time::sleep(Duration::from_millis(30)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_fails_or_panics_leaves_the_rest_of_its_group_committed() {
    on_both(async |store| {
        notes::create(store).await;
        hold(store).await;
        let sent = (0..10).map(|n| {
            store.write(Actor::system(), move |ctx| {
                Box::pin(async move {
                    notes::add(ctx, &format!("{n}")).await?;
                    match n {
                        3 => Err(Refusal::new("tests.no", Fault::Refused)),
                        5 => panic!("the command of this test panics"),
                        7 => notes::add(ctx, "7").await,
                        _ => Ok(()),
                    }
                })
            })
        });
        let answers = join_all(sent).await;
        let codes: Vec<&str> = answers
            .iter()
            .filter_map(|a| Some(a.as_ref().err()?.code))
            .collect();
        assert_eq!(codes, ["tests.no", "store.command_panicked", "store.conflict"]);
        assert_eq!(notes::ids(store).await, ["0", "1", "2", "4", "6", "8", "9"]);
        // One for the command that held the writer, then groups: printing the panic may take the time of one.
        assert!(store.written().commits <= 3, "{:?}", store.written());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_are_all_there_once_in_fewer_commits() {
    on_both(async |store| {
        let writers = (0..64).map(|n| {
            let store = store.store();
            tokio::spawn(async move {
                for step in 0..5 {
                    notes::record(&store, n * 100 + step).await.unwrap();
                }
            })
        });
        for done in join_all(writers).await {
            done.unwrap();
        }
        let mut numbers = notes::numbers(store).await;
        numbers.sort_unstable();
        let wanted: Vec<i64> = (0..64)
            .flat_map(|n| (0..5).map(move |step| n * 100 + step))
            .collect();
        assert_eq!(numbers, wanted);
        let written = store.written();
        assert_eq!(written.commands, 320);
        assert!(written.commits < 160, "{written:?}");
        assert_eq!(store.verify_facts().await.unwrap().findings, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_leaves_does_not_tear_its_command() {
    on_both(async |store| {
        notes::create(store).await;
        for n in 0..50 {
            let mut write = Box::pin(store.write(Actor::system(), move |ctx| {
                Box::pin(async move {
                    notes::add(ctx, &format!("{n:02} first")).await?;
                    tokio::task::yield_now().await;
                    notes::add(ctx, &format!("{n:02} second")).await
                })
            }));
            // Some leave at once, some while the command runs, some after it.
            if n % 3 == 0 {
                drop(futures::poll!(&mut write));
            } else {
                drop(tokio::time::timeout(Duration::from_micros(200 * n), write).await);
            }
        }
        notes::write(store, "zz last".to_owned()).await.unwrap();
        let ids = notes::ids(store).await;
        let second = ids.iter().filter(|id| id.ends_with("second")).count();
        let first = ids.iter().filter(|id| id.ends_with("first")).count();
        assert_eq!(first, second);
        assert_eq!(first, 50, "all had been handed to the writer");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_database_keep_one_chain_without_gaps() {
    on_both(async |store| {
        let other = store.open_again(77).await;
        let writers = (0..20).map(|n| {
            let mine = if n % 2 == 0 { store.store() } else { other.clone() };
            tokio::spawn(async move {
                for step in 0..10 {
                    notes::record(&mine, n * 10 + step).await.unwrap();
                }
            })
        });
        for done in join_all(writers).await {
            done.unwrap();
        }
        let report = store.verify_facts().await.unwrap();
        assert_eq!((report.facts, report.findings), (200, vec![]));
        let mut numbers = notes::numbers(&other).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (0..200).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_inside_a_command_is_refused_and_does_not_wait_for_itself() {
    on_both(async |store| {
        notes::create(store).await;
        let inner = Arc::new(store.store());
        let nested = store.write(Actor::system(), move |_| {
            Box::pin(async move { notes::write(&inner, "inner".to_owned()).await })
        });
        assert_eq!(nested.await.unwrap_err().code, "store.write_in_write");
        assert!(notes::ids(store).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_replaced_and_later_commands_go_through() {
    on_both(async |store| {
        notes::create(store).await;
        notes::write(store, "before".to_owned()).await.unwrap();
        if store.is_postgres() {
            let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            store.tamper(others).await;
        }
        notes::write(store, "after".to_owned()).await.unwrap();
        assert_eq!(notes::ids(store).await, ["after", "before"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_named_and_nothing_is_half_saved() {
    let store = testkit::TestStore::sqlite().await;
    notes::create(&store).await;
    let full = store.write(Actor::system(), |ctx| {
        Box::pin(async move {
            ctx.rows("PRAGMA max_page_count = 1", args![]).await?;
            notes::add(ctx, &"large ".repeat(1_000_000)).await
        })
    });
    assert_eq!(full.await.unwrap_err().code, "store.disk_full");
    assert!(notes::ids(&store).await.is_empty());
    let space = store.write(Actor::system(), |ctx| {
        Box::pin(async move {
            ctx.rows("PRAGMA max_page_count = 1000000", args![])
                .await
                .map(drop)
        })
    });
    space.await.unwrap();
    notes::write(&store, "after".to_owned()).await.unwrap();
    assert_eq!(notes::ids(&store).await, ["after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_store_takes_no_more_commands_and_has_kept_the_earlier_ones() {
    on_both(async |store| {
        notes::create(store).await;
        let sent = (0..20).map(|n| notes::write(store, format!("{n:02}")));
        let answers = join_all(sent);
        let (answers, ()) = tokio::join!(answers, store.close());
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(
            notes::write(store, "late".to_owned()).await.unwrap_err().code,
            "store.closed"
        );
        assert_eq!(notes::ids(&store.open_again(2).await).await.len(), 20);
    })
    .await;
}
