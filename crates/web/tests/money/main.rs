//! The pages of money and of the registry, asked in process: the books, payments out, the fund, households and their cases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

mod books;
mod cases;
mod closing;
mod files;
mod fund;
mod payments;
mod record;
mod registry;
mod runs;
mod secrecy;
mod stand_ins;

use axum::http::StatusCode;
use kernel::{Actor, Refusal};
use store::Store;
use tempfile::TempDir;
use web::testing::{Answer, Client, site};

/// Nobody's client of a site whose books have accounts and nothing else.
async fn pond() -> (TempDir, Client) {
    let folder = TempDir::new().unwrap();
    let client = Client::of(site(folder.path()).await);
    for (code, owner, zh, en, floor) in [
        ("assets:bank", "bank:icbc", "银行存款", "Cash at the bank", true),
        (
            "assets:fund:cash",
            "fund:alipay",
            "基金<b>现金",
            "Fund <b>cash",
            true,
        ),
        ("equity:pledge", "fund:alipay", "承诺款", "Pledge", false),
        ("expenses:grants", "county:621226", "拨款", "Grants", false),
    ] {
        let new = ::books::NewAccount {
            code: code.parse().unwrap(),
            owner: owner.parse().unwrap(),
            name_zh: zh.to_owned(),
            name_en: en.to_owned(),
            floor,
        };
        write(&client.store, Actor::system(), move |ctx| {
            Box::pin(async move { ::books::open_account(ctx, new).await.map(drop) })
        })
        .await;
    }
    (folder, client)
}

async fn write<T: Send + 'static>(
    store: &Store,
    actor: Actor,
    body: impl for<'c> FnOnce(&'c mut store::Ctx) -> futures::future::BoxFuture<'c, Result<T, Refusal>>
    + Send
    + 'static,
) -> T {
    store.write(actor, body).await.unwrap()
}

/// Where an answer leads on to.
fn led(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location").to_owned()
}

/// The value of the first field of a name on a page.
fn value_of(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}
