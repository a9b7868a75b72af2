//! A small table that the tests write to, and the fact they record.

use kernel::{Actor, Refusal};
use serde_json::json;
use store::{Ctx, Fact, Store, args};
use testkit::TestStore;

/// Makes the table.
pub async fn create(store: &TestStore) {
    store
        .tamper("CREATE TABLE notes (id TEXT PRIMARY KEY, amount_fen BIGINT)")
        .await;
}

/// Adds a row in the transaction of a command.
pub async fn add(ctx: &mut Ctx, id: &str) -> Result<(), Refusal> {
    let sql = "INSERT INTO notes (id, amount_fen) VALUES ($1, $2)";
    ctx.execute(sql, args![id, None::<i64>]).await.map(drop)
}

/// Adds a row in a command of its own.
pub async fn write(store: &Store, id: String) -> Result<(), Refusal> {
    store
        .write(Actor::system(), move |ctx| {
            Box::pin(async move { add(ctx, &id).await })
        })
        .await
}

/// The ids of all rows, sorted.
pub async fn ids(store: &Store) -> Vec<String> {
    let mut reader = store.read().await.unwrap();
    let rows = reader.rows("SELECT id FROM notes", args![]).await.unwrap();
    let mut ids: Vec<String> = rows.iter().map(|row| row.text("id").unwrap()).collect();
    ids.sort();
    ids
}

/// A fact that says only a number.
pub fn fact(number: i64) -> Fact {
    Fact {
        kind: "tests.counted",
        place: None,
        amount: None,
        evidence: vec![],
        body: json!({ "number": number }),
    }
}

/// Records such a fact in a command of its own.
pub async fn record(store: &Store, number: i64) -> Result<(), Refusal> {
    let write = store.write(Actor::system(), move |ctx| {
        Box::pin(async move { ctx.record(fact(number)).await.map(drop) })
    });
    write.await
}

/// The numbers of all facts, in the order of the journal.
pub async fn numbers(store: &Store) -> Vec<i64> {
    let facts = store.facts_page(0, 1_000_000).await.unwrap();
    facts
        .iter()
        .map(|fact| fact.body().unwrap()["number"].as_i64().unwrap())
        .collect()
}
