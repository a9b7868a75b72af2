//! The steps of a period with made-up documents, on both databases.

use jiff::SignedDuration;
use kernel::{Actor, Done, Period, Refusal, Role};
use report::periods::{
    self, DraftId, Kept, PeriodState, PublishDraft, ReviewDraft, Verdict, open_correction, open_period,
    publish, review, submit_for_review,
};
use testkit::{TestStore, on_both};

fn period() -> Period {
    "2018H1".parse().unwrap()
}

fn person(name: &str) -> Actor {
    Actor::new(name, Role::Fund)
}

/// The documents of a made-up draft; each seed is another one.
fn kept(seed: u8) -> Kept {
    let sha256 = |part: u8| format!("{seed:02x}{part:02x}").repeat(16);
    Kept {
        report_sha256: sha256(1),
        pack_sha256: sha256(2),
        manifest_sha256: sha256(3),
        signature_sha256: sha256(4),
        signer: sha256(5),
    }
}

async fn open(store: &TestStore, name: &str) -> Result<Done<()>, Refusal> {
    store
        .write(person(name), |ctx| Box::pin(open_period(ctx, period())))
        .await
}

async fn submit(store: &TestStore, name: &str, seed: u8) -> Result<Done<DraftId>, Refusal> {
    store
        .write(person(name), move |ctx| {
            Box::pin(submit_for_review(ctx, period(), kept(seed)))
        })
        .await
}

async fn say(store: &TestStore, name: &str, draft: DraftId, verdict: Verdict) -> Result<Done<()>, Refusal> {
    let said = ReviewDraft {
        period: period(),
        draft,
        verdict,
    };
    store.clock().advance(SignedDuration::from_secs(1));
    store
        .write(person(name), move |ctx| Box::pin(review(ctx, said)))
        .await
}

async fn approve(store: &TestStore, name: &str, draft: DraftId) -> Result<Done<()>, Refusal> {
    say(store, name, draft, Verdict::Approved).await
}

async fn send_back(store: &TestStore, name: &str, draft: DraftId, reason: &str) -> Result<Done<()>, Refusal> {
    let reason = reason.to_owned();
    say(store, name, draft, Verdict::SentBack { reason }).await
}

async fn publish_it(store: &TestStore, name: &str, draft: DraftId) -> Result<Done<i64>, Refusal> {
    let wish = PublishDraft {
        period: period(),
        draft,
    };
    store
        .write(person(name), move |ctx| Box::pin(publish(ctx, wish)))
        .await
}

async fn correct(store: &TestStore, name: &str, reason: &str) -> Result<Done<i64>, Refusal> {
    let reason = reason.to_owned();
    store
        .write(person(name), move |ctx| {
            Box::pin(async move { open_correction(ctx, period(), &reason).await })
        })
        .await
}

/// Opened, submitted by Chen, approved by Lan and Wu, published by Chen.
async fn published(store: &TestStore) -> DraftId {
    assert!(open(store, "chen").await.unwrap().is_now());
    let draft = submit(store, "chen", 1).await.unwrap().into_inner();
    assert!(approve(store, "lan", draft).await.unwrap().is_now());
    assert!(approve(store, "wu", draft).await.unwrap().is_now());
    assert_eq!(publish_it(store, "chen", draft).await.unwrap(), Done::Now(1));
    draft
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> &'static str {
    answer.unwrap_err().code
}

async fn state(store: &TestStore) -> PeriodState {
    let history = periods::by_period(store, period()).await.unwrap();
    history.unwrap().report.state
}

#[tokio::test]
async fn a_draft_is_published_after_two_persons_other_than_its_submitter_approved_it() {
    on_both(async |store| {
        assert_eq!(code(submit(store, "chen", 1).await), "periods.not_opened");
        let early = periods::require_open(store, period()).await;
        assert_eq!(code(early), "periods.not_opened");
        assert!(open(store, "chen").await.unwrap().is_now());
        let draft = submit(store, "chen", 1).await.unwrap().into_inner();
        assert_eq!(
            code(publish_it(store, "chen", draft).await),
            "periods.not_approved"
        );
        assert_eq!(code(approve(store, "chen", draft).await), "periods.own_draft");
        assert!(approve(store, "lan", draft).await.unwrap().is_now());
        assert_eq!(approve(store, "lan", draft).await.unwrap(), Done::Already(()));
        assert_eq!(
            code(publish_it(store, "lan", draft).await),
            "periods.not_approved"
        );
        assert_eq!(
            code(send_back(store, "lan", draft, "no").await),
            "periods.same_reviewer"
        );
        assert!(approve(store, "wu", draft).await.unwrap().is_now());
        assert_eq!(periods::published_latest(store).await.unwrap(), None);
        assert_eq!(publish_it(store, "lan", draft).await.unwrap(), Done::Now(1));

        let version = periods::published_latest(store).await.unwrap().unwrap();
        assert_eq!((version.number, version.draft), (1, draft));
        assert_eq!((version.kept, version.reason), (kept(1), None));
        assert_eq!(version.published_by, "lan");
    })
    .await;
}

#[tokio::test]
async fn every_command_sent_twice_does_its_work_once() {
    on_both(async |store| {
        let draft = published(store).await;
        let facts = store.facts_page(0, 100).await.unwrap();
        let kinds: Vec<&str> = facts.iter().map(|fact| fact.kind.as_str()).collect();
        let expected = ["opened", "submitted", "approved", "approved", "published"];
        assert_eq!(kinds, expected.map(|kind| format!("periods.{kind}")));
        assert!(facts[4].evidence.contains(&kept(1).report_sha256));

        assert_eq!(open(store, "lan").await.unwrap(), Done::Already(()));
        assert_eq!(submit(store, "chen", 1).await.unwrap(), Done::Already(draft));
        assert_eq!(approve(store, "wu", draft).await.unwrap(), Done::Already(()));
        assert_eq!(publish_it(store, "wu", draft).await.unwrap(), Done::Already(1));
        assert_eq!(store.facts_page(0, 100).await.unwrap().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_draft_that_was_sent_back_makes_room_for_the_next_and_cannot_be_approved_any_more() {
    on_both(async |store| {
        assert!(open(store, "chen").await.unwrap().is_now());
        let first = submit(store, "chen", 1).await.unwrap().into_inner();
        assert!(approve(store, "lan", first).await.unwrap().is_now());
        assert_eq!(code(submit(store, "chen", 2).await), "periods.in_review");
        assert_eq!(
            code(send_back(store, "wu", first, "  ").await),
            "periods.reason_missing"
        );
        let long = "长".repeat(2_001);
        assert_eq!(
            code(send_back(store, "wu", first, &long).await),
            "periods.reason_too_long"
        );
        assert!(
            send_back(store, "wu", first, " 缺一个县 ")
                .await
                .unwrap()
                .is_now()
        );
        assert_eq!(state(store).await, PeriodState::Open);
        assert_eq!(code(approve(store, "zhao", first).await), "periods.not_in_review");

        let second = submit(store, "chen", 2).await.unwrap().into_inner();
        assert_eq!(code(approve(store, "zhao", first).await), "periods.draft_changed");
        assert_eq!(
            code(publish_it(store, "zhao", first).await),
            "periods.draft_changed"
        );
        let PeriodState::InReview { draft, reviews } = state(store).await else {
            panic!("the second draft is in review");
        };
        assert_eq!(
            (draft.id, reviews.len()),
            (second, 0),
            "approvals do not pass over"
        );
        let history = periods::by_period(store, period()).await.unwrap().unwrap();
        let said = &history.drafts[1].reviews;
        assert_eq!(said.len(), 2);
        assert_eq!(said[1].verdict.reason(), Some("缺一个县"));
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_reviewed_again_and_the_version_before_stays() {
    on_both(async |store| {
        assert_eq!(code(correct(store, "lan", "late").await), "periods.not_opened");
        assert!(open(store, "chen").await.unwrap().is_now());
        assert_eq!(code(correct(store, "lan", "late").await), "periods.not_published");
        let first = published_from_open(store).await;
        assert_eq!(code(submit(store, "chen", 2).await), "periods.already_published");
        assert_eq!(code(correct(store, "lan", " ").await), "periods.reason_missing");
        assert_eq!(
            correct(store, "lan", "六月的订单晚到").await.unwrap(),
            Done::Now(2)
        );
        assert_eq!(
            correct(store, "lan", "六月的订单晚到").await.unwrap(),
            Done::Already(2)
        );
        assert_eq!(
            code(correct(store, "lan", "other").await),
            "periods.not_published"
        );

        let second = submit(store, "lan", 2).await.unwrap().into_inner();
        assert_eq!(
            code(publish_it(store, "lan", second).await),
            "periods.not_approved"
        );
        assert!(approve(store, "chen", second).await.unwrap().is_now());
        assert!(approve(store, "wu", second).await.unwrap().is_now());
        assert_eq!(publish_it(store, "wu", second).await.unwrap(), Done::Now(2));
        assert_eq!(publish_it(store, "wu", first).await.unwrap(), Done::Already(1));

        let versions = periods::published_versions(store).await.unwrap();
        let numbers: Vec<i64> = versions.iter().map(|version| version.number).collect();
        assert_eq!(numbers, [2, 1]);
        assert_eq!(versions[0].reason.as_deref(), Some("六月的订单晚到"));
        let old = periods::version(store, period(), 1).await.unwrap().unwrap();
        assert_eq!((old.draft, old.kept), (first, kept(1)));
        assert_eq!(periods::version(store, period(), 3).await.unwrap(), None);
        let latest = periods::published_latest(store).await.unwrap().unwrap();
        assert_eq!(latest.number, 2);
    })
    .await;
}

async fn published_from_open(store: &TestStore) -> DraftId {
    let draft = submit(store, "chen", 1).await.unwrap().into_inner();
    for name in ["lan", "wu"] {
        assert!(approve(store, name, draft).await.unwrap().is_now());
    }
    assert!(publish_it(store, "wu", draft).await.unwrap().is_now());
    draft
}

#[tokio::test]
async fn the_newest_period_is_the_latest_even_when_an_older_one_is_published_after_it() {
    on_both(async |store| {
        published(store).await;
        let older: Period = "2017H2".parse().unwrap();
        let opened: Result<_, Refusal> = store
            .write(person("chen"), move |ctx| Box::pin(open_period(ctx, older)))
            .await;
        assert!(opened.unwrap().is_now());
        let draft: Result<_, Refusal> = store
            .write(person("chen"), move |ctx| {
                Box::pin(submit_for_review(ctx, older, kept(9)))
            })
            .await;
        let draft = draft.unwrap().into_inner();
        for name in ["lan", "wu"] {
            let said = ReviewDraft {
                period: older,
                draft,
                verdict: Verdict::Approved,
            };
            let reviewed: Result<_, Refusal> = store
                .write(person(name), move |ctx| Box::pin(review(ctx, said)))
                .await;
            assert!(reviewed.unwrap().is_now());
        }
        store.clock().advance(SignedDuration::from_hours(1));
        let wish = PublishDraft { period: older, draft };
        let done: Result<_, Refusal> = store
            .write(person("wu"), move |ctx| Box::pin(publish(ctx, wish)))
            .await;
        assert!(done.unwrap().is_now());
        let latest = periods::published_latest(store).await.unwrap().unwrap();
        assert_eq!(latest.period, period());
        let listed = periods::list(store).await.unwrap();
        let names: Vec<String> = listed.iter().map(|report| report.period.to_string()).collect();
        assert_eq!(names, ["2018H1", "2017H2"]);
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    on_both(async |store| {
        for statement in periods::STATEMENTS {
            store.prepare(statement).await.unwrap();
        }
    })
    .await;
}
