//! What lies sealed under an old key is sealed again under the newest, page by page.

use std::sync::Arc;

use futures::FutureExt as _;
use kernel::{Actor, Refusal, SecretSource};
use serde_json::json;

use crate::{Arg, Ctx, Fact, Keyring, Row, Store, args};

/// Rows of one command.
const PAGE: i64 = 500;

/// A column whose texts are sealed under the key of the data folder. The crate that keeps it says where its rows are.
#[derive(Clone, Copy)]
pub struct SealedColumn {
    /// `table.column`.
    pub name: &'static str,
    /// The next $2 rows after the id $1, in order: `id`, `owner`, `sealed`.
    pub page: &'static str,
    /// Puts $2 in the place of what is sealed in the row $1.
    pub put: &'static str,
    /// For whom a row is sealed, from its `owner`.
    pub owner: fn(&str) -> String,
}

impl Store {
    /// Seals again what of a column lies under an old key; answers how many rows. It may be stopped at any time and called
    /// again.
    ///
    /// # Errors
    /// `store.secret_unreadable` for a row that no key opens; what the store gives.
    pub async fn reseal(
        &self,
        actor: Actor,
        keyring: &Keyring,
        secrets: &Arc<dyn SecretSource>,
        column: SealedColumn,
    ) -> Result<u64, Refusal> {
        let (mut last, mut sealed) = (String::new(), 0);
        loop {
            let (keyring, secrets, from) = (keyring.clone(), Arc::clone(secrets), last.clone());
            let page = self.write(actor.clone(), move |ctx| {
                async move { page(ctx, &keyring, secrets.as_ref(), column, &from).await }.boxed()
            });
            let page: Option<(String, u64)> = page.await?;
            let Some((to, rows)) = page else { return Ok(sealed) };
            (last, sealed) = (to, sealed + rows);
        }
    }
}

/// One page: its last id, and how many of its rows were sealed again; none after the last.
async fn page(
    ctx: &mut Ctx,
    keyring: &Keyring,
    secrets: &dyn SecretSource,
    column: SealedColumn,
    from: &str,
) -> Result<Option<(String, u64)>, Refusal> {
    let rows: Vec<Row> = ctx.rows(column.page, args![from, PAGE]).await?;
    let Some(last) = rows.last() else { return Ok(None) };
    let (last, mut sealed) = (last.text("id")?, 0);
    for row in &rows {
        let owner = (column.owner)(&row.text("owner")?);
        let again = keyring.seal_again(&row.text("sealed")?, &owner, secrets);
        if let Some(again) = again.map_err(|refusal| refusal.at(column.name))? {
            let put: Vec<Arg> = args![row.text("id")?, again];
            ctx.execute_one(column.put, put).await?;
            sealed += 1;
        }
    }
    if sealed > 0 {
        ctx.record(Fact {
            kind: "store.sealed_again",
            place: None,
            amount: None,
            evidence: Vec::new(),
            body: json!({ "column": column.name, "rows": sealed }),
        })
        .await?;
    }
    Ok(Some((last, sealed)))
}
