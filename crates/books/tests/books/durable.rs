//! Many callers at once: each is answered by its own outcome, and their posts share commands and commits.

use std::collections::BTreeSet;
use std::sync::Arc;

use books::{Act, Books};
use futures::future::join_all;
use kernel::{Actor, Role};
use testkit::TestStore;

use crate::periods::{gift, some_books};

#[tokio::test(flavor = "multi_thread")]
async fn callers_at_once_are_answered_one_by_one_and_share_commits() {
    testkit::on_both(async |store| {
        some_books(store).await;
        let books = Books::new(store.store());
        let before = store.written();
        let callers = (0..200).map(|caller| {
            let books = books.clone();
            // Whichever of a gift's two posts comes first, it is the same person's.
            let actor = Actor::new(["lan", "chen"][caller / 2 % 2], Role::Finance);
            let mut new = gift(100 + i64::try_from(caller / 2).unwrap());
            new.effective_on = jiff::civil::date(2018, 7, 1);
            if caller % 10 == 9 {
                new.legs.pop();
            }
            tokio::spawn(async move { books.post(actor, new).await })
        });
        let answers = join_all(callers).await;
        let mut now = 0;
        for (caller, answer) in answers.into_iter().enumerate() {
            match answer.unwrap() {
                Ok(done) => now += u64::from(done.is_now()),
                Err(refusal) => {
                    assert_eq!((refusal.code, caller % 10), ("books.too_few_legs", 9));
                }
            }
        }
        assert_eq!(now, 100, "each gift came twice");
        let commits = store.written().commits - before.commits;
        assert!(commits < 50, "{commits} commits for 200 posts");
        assert_eq!(books::check(store).await.unwrap(), []);
        assert_eq!(store.verify_facts().await.unwrap().findings, []);
        each_fact_names_who_posted(store).await;
    })
    .await;
}

async fn each_fact_names_who_posted(store: &TestStore) {
    let facts = store.facts_page(0, 10_000).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let mut actors = BTreeSet::new();
    for entry in books::entries_page(&mut reader, None, 10_000).await.unwrap() {
        let fact = facts.iter().find(|fact| fact.id == entry.fact_id).unwrap();
        let actor = Actor::new(fact.actor.clone(), fact.role().unwrap());
        assert_eq!(actor.to_string(), entry.recorded_by);
        actors.insert(entry.recorded_by);
    }
    assert!(
        actors.contains("finance:lan") && actors.contains("finance:chen"),
        "{actors:?}"
    );
}

#[tokio::test]
async fn acts_with_more_legs_than_one_command_takes_are_taken_in_several() {
    let store = TestStore::sqlite().await;
    let codes: Vec<books::AccountCode> = (0..1_000)
        .map(|no| format!("assets:a:{no}").parse().unwrap())
        .collect();
    let (opened, named) = (codes.clone(), codes.clone());
    let made: Result<(), kernel::Refusal> = store
        .write(Actor::system(), move |ctx| {
            Box::pin(async move {
                for code in opened {
                    let new = books::NewAccount {
                        code,
                        owner: "fund:main".parse()?,
                        name_zh: "科目".to_owned(),
                        name_en: "account".to_owned(),
                        floor: false,
                    };
                    let _now = books::open_account(ctx, new).await?;
                }
                Ok(())
            })
        })
        .await;
    made.unwrap();
    let books = Books::new(store.store());
    let callers = (0..100).map(|caller| {
        let leg = |(place, account): (i64, &books::AccountCode)| books::Leg {
            account: account.clone(),
            amount: kernel::Money::from_fen(if place % 2 == 0 { 1 } else { -1 }),
        };
        let mut new = gift(caller);
        new.legs = (0..).zip(&named).map(leg).collect();
        let books = books.clone();
        async move { books.post(Actor::system(), new).await }
    });
    for answer in join_all(callers).await {
        assert!(answer.unwrap().is_now());
    }
    assert_eq!(books::check(&store).await.unwrap(), []);
}

#[tokio::test]
async fn a_batch_is_taken_whole_or_not_at_all_and_says_where_it_breaks() {
    testkit::on_both(async |store| {
        some_books(store).await;
        let mut acts: Vec<Act> = (10..200)
            .map(|number| {
                let mut new = gift(number);
                new.effective_on = jiff::civil::date(2018, 7, 1);
                Act::Post(new)
            })
            .collect();
        let broken = Act::VoidHold("ghost".to_owned());
        acts.push(broken.clone());
        let take = async |acts: Vec<Act>| {
            let acts = Arc::new(acts);
            store
                .write(Actor::system(), move |ctx| {
                    Box::pin(async move { books::take_all(ctx, acts.to_vec()).await })
                })
                .await
        };
        let refused = take(acts.clone()).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.at.as_deref()),
            ("books.no_such_hold", Some("191.hold"))
        );
        let mut reader = store.read().await.unwrap();
        assert_eq!(
            books::entries_page(&mut reader, None, 1_000).await.unwrap().len(),
            3
        );
        drop(reader);
        acts.pop();
        assert!(take(acts.clone()).await.unwrap().iter().all(kernel::Done::is_now));
        assert!(!take(acts).await.unwrap().iter().any(kernel::Done::is_now));
        assert_eq!(books::check(store).await.unwrap(), []);
        let many = vec![broken; books::ACTS_MAX + 1];
        assert_eq!(take(many).await.unwrap_err().code, "books.too_many_acts");
    })
    .await;
}
