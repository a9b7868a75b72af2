//! Many callers at once: each is answered by its own outcome, and their posts share commands and commits.

use std::sync::Arc;

use books::{Act, Books};
use futures::future::join_all;
use kernel::{Actor, Role};

use crate::periods::{gift, some_books};

#[tokio::test(flavor = "multi_thread")]
async fn callers_at_once_are_answered_one_by_one_and_share_commits() {
    testkit::on_both(async |store| {
        some_books(store).await;
        let books = Books::new(store.store());
        let before = store.written();
        let callers = (0..200).map(|caller| {
            let books = books.clone();
            let actor = Actor::new(["lan", "chen"][caller % 2], Role::Finance);
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
    })
    .await;
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
