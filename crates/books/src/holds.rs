//! Holds, read: one by its key or its number, and pages of them, the newest first.

use jiff::Timestamp;
use kernel::{Fault, Refusal};
use serde::Serialize;
use store::{Reader, Row, args};

use crate::load;
use crate::model::{EntryNo, HoldNo, HoldState, Leg};
use crate::repo as sql;

/// A hold of the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptHold {
    /// Its number.
    pub no: HoldNo,
    /// Its key.
    pub key: String,
    /// What it is for.
    pub memo: String,
    /// When it was made.
    pub held_at: Timestamp,
    /// By whom.
    pub held_by: String,
    /// When it is given up by itself.
    pub expires_at: Option<Timestamp>,
    /// Where it stands.
    pub state: HoldState,
    /// The entry that posted it.
    pub entry: Option<EntryNo>,
    /// Its legs, in their order.
    pub legs: Vec<Leg>,
}

/// The hold that was made under a key.
///
/// # Errors
/// What the store gives.
pub async fn hold_by_key(reader: &mut Reader, key: &str) -> Result<Option<KeptHold>, Refusal> {
    match reader.row(sql::HOLD, args![key]).await? {
        Some(row) => kept(reader, &row).await.map(Some),
        None => Ok(None),
    }
}

/// The hold with a number.
///
/// # Errors
/// `books.no_such_hold`; what the store gives.
pub async fn hold_by_no(reader: &mut Reader, no: HoldNo) -> Result<KeptHold, Refusal> {
    let row = reader.row(sql::HOLD_BY_NO, args![no.number()]).await?;
    let none = || Refusal::new("books.no_such_hold", Fault::Missing).value(no);
    kept(reader, &row.ok_or_else(none)?).await
}

/// Holds by number, the newest first: those before one, or from the last; all of them, or those of one state.
///
/// # Errors
/// What the store gives.
pub async fn holds_before(
    reader: &mut Reader,
    state: Option<HoldState>,
    before: Option<HoldNo>,
    limit: i64,
) -> Result<Vec<KeptHold>, Refusal> {
    let before = before.map_or(i64::MAX, HoldNo::number);
    let rows = match state {
        None => reader.rows(sql::HOLDS_BEFORE, args![before, limit]).await?,
        Some(state) => {
            let args = args![before, limit, state.as_str()];
            reader.rows(sql::HOLDS_IN_STATE_BEFORE, args).await?
        }
    };
    let mut holds = Vec::with_capacity(rows.len());
    for row in &rows {
        holds.push(kept(reader, row).await?);
    }
    Ok(holds)
}

async fn kept(reader: &mut Reader, row: &Row) -> Result<KeptHold, Refusal> {
    let no = row.int("no")?;
    let legs = reader.rows(sql::HOLD_LEGS, args![no]).await?;
    let legs = legs.iter().map(load::leg).collect::<Result<_, _>>()?;
    let hold = load::hold(row, legs)?;
    Ok(KeptHold {
        no: HoldNo(no),
        key: hold.key,
        memo: hold.memo,
        held_at: row.instant("held_at")?,
        held_by: row.text("held_by")?,
        expires_at: hold.expires_at,
        state: HoldState::stored(&row.text("state")?)?,
        entry: row.opt_int("entry_no")?.map(EntryNo),
        legs: hold.legs,
    })
}
