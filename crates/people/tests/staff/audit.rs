//! The audit log.

use people::staff::{AuditEntry, AuditFilter, AuditRecord, Outcome, UserId};
use store::Direction;
use testkit::TestStore;

use crate::desk::{PASSWORD, add_with_password, desk, li};

async fn page(
    store: &TestStore,
    user: Option<UserId>,
    action: Option<&str>,
    before: Option<i64>,
) -> Vec<AuditRecord> {
    let action = action.map(str::to_owned);
    let mut reader = store.read().await.unwrap();
    let filter = AuditFilter {
        user,
        action,
        ..AuditFilter::default()
    };
    AuditRecord::page(&mut reader, &filter, before, 3).await.unwrap()
}

#[tokio::test]
async fn what_is_noted_is_found_by_page_user_and_action() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add_with_password(store, &staff, "lan").await;
        assert!(staff.sign_in("lan", PASSWORD, Some("10.0.0.1")).await.is_ok());
        assert!(staff.sign_in("lan", "wrong", Some("10.0.0.1")).await.is_err());
        for number in 0..5 {
            let entry = AuditEntry {
                user: Some(user),
                action: "view_intake",
                subject: Some(format!("import-{number}")),
                place: Some(li()),
                outcome: Outcome::Allowed,
                request_id: Some("r1".to_owned()),
                address: Some("10.0.0.1".to_owned()),
            };
            staff.note(entry).await;
        }
        staff.flush().await;
        let newest = page(store, None, None, None).await;
        let subjects: Vec<_> = newest.iter().map(|row| row.subject.clone().unwrap()).collect();
        assert_eq!(subjects, ["import-4", "import-3", "import-2"]);
        assert_eq!(newest[0].place, Some(li()));
        assert!(
            newest[0]
                .address_sha256
                .as_deref()
                .is_some_and(|hash| hash.len() == 64)
        );
        let next = page(store, None, None, Some(newest[2].seq)).await;
        assert_eq!(next[0].subject.as_deref(), Some("import-1"));
        let tries = page(store, None, Some("sign_in"), None).await;
        let outcomes: Vec<_> = tries.iter().map(|row| (row.user, row.outcome)).collect();
        assert_eq!(
            outcomes,
            [(None, Outcome::Denied), (Some(user), Outcome::Allowed)]
        );
        assert_eq!(page(store, Some(user), Some("sign_in"), None).await.len(), 1);
        assert_eq!(page(store, Some(user), None, Some(2)).await.len(), 1);
        let mut reader = store.read().await.unwrap();
        let oldest = AuditFilter {
            user: Some(user),
            direction: Direction::Rising,
            ..AuditFilter::default()
        };
        let first = AuditRecord::page(&mut reader, &oldest, None, 3).await.unwrap();
        assert_eq!(first[0].action, "sign_in");
        let then = AuditRecord::page(&mut reader, &oldest, Some(first[2].seq), 9)
            .await
            .unwrap();
        assert_eq!(first.len() + then.len(), 6, "each row once");
        let last = then.last().and_then(|row| row.subject.clone());
        assert_eq!(last.as_deref(), Some("import-4"));
    })
    .await;
}

#[tokio::test]
async fn a_row_of_the_log_is_neither_changed_nor_deleted() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        assert!(staff.sign_in("lan", "wrong", None).await.is_err());
        staff.flush().await;
        for sql in [
            "UPDATE staff_audit SET outcome = 'allowed'",
            "DELETE FROM staff_audit",
        ] {
            let refused = store.write(kernel::Actor::system(), move |ctx| {
                Box::pin(async move { ctx.execute(sql, vec![]).await })
            });
            assert_eq!(refused.await.unwrap_err().code, "store.append_only");
        }
        assert_eq!(page(store, None, None, None).await.len(), 1);
    })
    .await;
}
