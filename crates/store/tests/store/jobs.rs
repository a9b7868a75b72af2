//! Jobs: none twice, none lost, and a dead worker's job is taken over.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use jiff::SignedDuration;
use kernel::{Actor, Done, Fault, Refusal};
use serde_json::json;
use store::{Direction, JobColumn, JobId, JobOrder, JobState, Jobs, Store};
use testkit::on_both;

const MINUTE: Duration = Duration::from_mins(1);

async fn ask(store: &Store, key: &str) -> Done<JobId> {
    let key = key.to_owned();
    let asked = store.write(Actor::system(), move |ctx| {
        Box::pin(async move { Jobs::enqueue(ctx, "import", &key, &json!({ "file": key })).await })
    });
    let asked: Result<_, Refusal> = asked.await;
    asked.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_workers_do_every_job_once() {
    on_both(async |store| {
        for n in 0..100 {
            assert!(ask(store, &format!("{n}")).await.is_now());
        }
        let other = store.open_again(5).await;
        let workers = (0..8).map(|n| {
            let jobs = if n % 2 == 0 { store.jobs() } else { other.jobs() };
            tokio::spawn(async move {
                let mut done = Vec::new();
                while let Some(claim) = jobs.claim("import", MINUTE).await.unwrap() {
                    jobs.finish(&claim).await.unwrap();
                    done.push(claim.id);
                }
                done
            })
        });
        let done: Vec<JobId> = join_all(workers)
            .await
            .into_iter()
            .flat_map(Result::unwrap)
            .collect();
        assert_eq!(done.len(), 100);
        assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), 100);
        let jobs = store.jobs().list(200).await.unwrap();
        assert!(
            jobs.iter()
                .all(|job| job.state == JobState::Finished && job.attempts == 1)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_died_is_taken_over_after_its_lease() {
    on_both(async |store| {
        let id = ask(store, "dingxi.csv").await.into_inner();
        let jobs = store.jobs();
        let first = jobs.claim("import", MINUTE).await.unwrap().unwrap();
        assert_eq!(
            (first.id, first.attempt, &first.payload),
            (id, 1, &json!({ "file": "dingxi.csv" }))
        );
        store.clock().advance(SignedDuration::from_secs(50));
        jobs.progress(&first, 3, 10).await.unwrap();
        store.clock().advance(SignedDuration::from_secs(50));
        assert_eq!(
            jobs.claim("import", MINUTE).await.unwrap(),
            None,
            "progress began the lease anew"
        );

        store.clock().advance(SignedDuration::from_secs(11));
        let restarted = store.open_again(9).await.jobs();
        let second = restarted.claim("import", MINUTE).await.unwrap().unwrap();
        assert_eq!((second.id, second.attempt), (id, 2));
        for late in [jobs.progress(&first, 4, 10).await, jobs.finish(&first).await] {
            assert_eq!(late.unwrap_err().code, "store.lease_lost");
        }
        restarted.progress(&second, 10, 10).await.unwrap();
        restarted.finish(&second).await.unwrap();
        let job = jobs.by_id(id).await.unwrap().unwrap();
        assert_eq!(
            (job.state, job.progress_done, job.progress_total),
            (JobState::Finished, 10, 10)
        );
        assert_eq!(jobs.claim("import", MINUTE).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_asked_for_twice_is_there_once() {
    on_both(async |store| {
        let id = ask(store, "one").await;
        assert!(id.is_now());
        assert_eq!(ask(store, "one").await, Done::Already(id.into_inner()));
        assert_eq!(store.jobs().list(10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_not_there_when_the_command_that_asked_for_it_failed() {
    on_both(async |store| {
        let failed = store.write(Actor::system(), |ctx| {
            Box::pin(async move {
                let _ = Jobs::enqueue(ctx, "import", "one", &json!({})).await?;
                Err::<(), _>(Refusal::new("tests.no", Fault::Refused))
            })
        });
        assert_eq!(failed.await.unwrap_err().code, "tests.no");
        assert!(store.jobs().list(10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_is_due_again_later_or_given_up_until_it_is_asked_for_again() {
    on_both(async |store| {
        let id = ask(store, "one").await.into_inner();
        let jobs = store.jobs();
        let claim = jobs.claim("import", MINUTE).await.unwrap().unwrap();
        jobs.fail(&claim, "sales.bad_date", Some(MINUTE)).await.unwrap();
        assert_eq!(jobs.claim("import", MINUTE).await.unwrap(), None);
        store.clock().advance(SignedDuration::from_secs(60));
        let claim = jobs.claim("import", MINUTE).await.unwrap().unwrap();
        jobs.fail(&claim, "sales.bad_date", None).await.unwrap();
        let job = jobs.by_id(id).await.unwrap().unwrap();
        assert_eq!(
            (job.state, job.error_code.as_deref()),
            (JobState::Failed, Some("sales.bad_date"))
        );
        store.clock().advance(SignedDuration::from_hours(24));
        assert_eq!(jobs.claim("import", MINUTE).await.unwrap(), None);

        assert_eq!(ask(store, "one").await, Done::Now(id));
        assert_eq!(jobs.claim("import", MINUTE).await.unwrap().unwrap().attempt, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_always_kills_its_worker_is_given_up() {
    on_both(async |store| {
        let id = ask(store, "poison").await.into_inner();
        let jobs = store.jobs();
        let mut begun = 0;
        while jobs.claim("import", MINUTE).await.unwrap().is_some() {
            begun += 1;
            store.clock().advance(SignedDuration::from_secs(61));
        }
        assert_eq!(begun, 20);
        let job = jobs.by_id(id).await.unwrap().unwrap();
        assert_eq!(
            (job.state, job.error_code.as_deref()),
            (JobState::Failed, Some("store.job_gave_up"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_wrote_and_its_end_stand_or_fall_together() {
    on_both(async |store| {
        ask(store, "one").await.into_inner();
        let jobs = store.jobs();
        let claim = jobs.claim("import", MINUTE).await.unwrap().unwrap();
        store.clock().advance(SignedDuration::from_secs(61));
        let taken_over = jobs.claim("import", MINUTE).await.unwrap().unwrap();
        for (claim, outcome) in [(claim, Some("store.lease_lost")), (taken_over, None)] {
            let ended = store.write(Actor::system(), move |ctx| {
                Box::pin(async move {
                    ctx.record(crate::notes::fact(1)).await?;
                    Jobs::finish_in(ctx, &claim).await
                })
            });
            assert_eq!(ended.await.err().map(|refusal| refusal.code), outcome);
        }
        assert_eq!(crate::notes::numbers(store).await, [1]);
    })
    .await;
}

/// All jobs in an order, two at a time.
async fn by_pages(store: &Store, column: JobColumn, direction: Direction) -> Vec<JobId> {
    let order = JobOrder { column, direction };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.jobs().page(order, after, 2).await.unwrap();
        let Some(last) = page.last() else { return seen };
        after = Some(last.id);
        seen.extend(page.iter().map(|job| job.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_any_order_hold_each_job_once() {
    on_both(async |store| {
        let mut asked = Vec::new();
        for n in 0..7 {
            asked.push(ask(store, &format!("{n}")).await.into_inner());
        }
        // Two end, so that there are several of each state.
        for _ in 0..2 {
            let claim = store.jobs().claim("import", MINUTE).await.unwrap().unwrap();
            store.jobs().finish(&claim).await.unwrap();
        }
        assert_eq!(
            by_pages(store, JobColumn::AskedAt, Direction::Rising).await,
            asked
        );
        let falling: Vec<_> = asked.iter().rev().copied().collect();
        assert_eq!(
            by_pages(store, JobColumn::AskedAt, Direction::Falling).await,
            falling
        );
        assert_eq!(
            by_pages(store, JobColumn::Kind, Direction::Falling).await,
            falling,
            "of one kind"
        );
        let states = by_pages(store, JobColumn::State, Direction::Rising).await;
        let (ended, waiting) = states.split_at(2);
        assert!(ended.iter().all(|id| !waiting.contains(id)));
        for id in ended {
            let job = store.read().await.unwrap().job(*id).await.unwrap().unwrap();
            assert_eq!(job.state, JobState::Finished, "finished comes before waiting");
        }
        let mut all = states.clone();
        all.sort();
        assert_eq!(all, asked);
        let turned: Vec<_> = states.into_iter().rev().collect();
        assert_eq!(
            by_pages(store, JobColumn::State, Direction::Falling).await,
            turned
        );
    })
    .await;
}
