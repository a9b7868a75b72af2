//! How a payment changes: from everything that was said about it to its state, the books and the journal.

use std::collections::BTreeMap;

use books::Act;
use jiff::civil::Date;
use kernel::{Money, Refusal};
use serde_json::{Value, json};
use store::{Ctx, Evidence, Fact, Row, args};

use super::model::{LineId, Says, Source};
use super::outcome::{Said, Standing, outcome};
use super::repo::{self as sql, BatchRow, LineRow};
use super::rules::book_key;

/// A line as it stands in the books.
pub(super) fn standing_of(line: &LineRow) -> Standing {
    Standing {
        key: book_key(line.id),
        memo: format!("{} #{}", line.batch_key, line.number),
        amount: line.amount,
        charge: line.charge.clone(),
        source: line.source.clone(),
        paid: line.paid,
        returned: line.returned,
        hold: line.hold.clone(),
        acts: line.acts,
    }
}

/// Takes acts in the books, all or none.
///
/// # Errors
/// What the books refuse; what the store gives.
pub(super) async fn take(ctx: &mut Ctx, acts: Vec<Act>) -> Result<(), Refusal> {
    if acts.is_empty() {
        return Ok(());
    }
    books::take_all(ctx, acts).await.map(drop)
}

/// Brings lines to what was said about them: state, books, journal. The day is that of the books' entries.
///
/// # Errors
/// What the books refuse; what the store gives.
pub(super) async fn bring_up_to_date(
    ctx: &mut Ctx,
    lines: &BTreeMap<LineId, Date>,
    evidence: &[Evidence],
) -> Result<usize, Refusal> {
    let (mut acts, mut changed) = (Vec::new(), Vec::new());
    for (id, day) in lines {
        let mut line = sql::load_line(ctx, *id).await?;
        let wanted = outcome(line.amount, &said_of(ctx, *id).await?)?;
        let trouble = wanted.trouble.map(str::to_owned);
        let is_same = (line.state, &line.trouble, line.paid, line.returned)
            == (wanted.state, &trouble, wanted.paid, wanted.returned);
        if is_same {
            continue;
        }
        let mut standing = standing_of(&line);
        acts.extend(standing.bring_to(wanted, *day, evidence)?);
        (line.state, line.trouble) = (wanted.state, trouble);
        (line.paid, line.returned) = (standing.paid, standing.returned);
        (line.hold, line.acts) = (standing.hold, standing.acts);
        changed.push(line);
    }
    take(ctx, acts).await?;
    for line in &changed {
        sql::save_line(ctx, line).await?;
        record_line(ctx, line, evidence).await?;
    }
    Ok(changed.len())
}

async fn said_of(ctx: &mut Ctx, line: LineId) -> Result<Vec<Said>, Refusal> {
    let rows = ctx.rows(sql::SAYINGS_OF_LINE, args![line.as_uuid()]).await?;
    rows.iter().map(said).collect()
}

pub(super) fn said(row: &Row) -> Result<Said, Refusal> {
    Ok(Said {
        source: Source::stored(&row.text("source")?)?,
        says: Says::stored(&row.text("says")?)?,
        amount: Money::from_fen(row.opt_int("amount_fen")?.unwrap_or_default()),
    })
}

async fn record_line(ctx: &mut Ctx, line: &LineRow, evidence: &[Evidence]) -> Result<(), Refusal> {
    let fact = Fact {
        kind: "payments.line_changed",
        place: line.place,
        amount: Some(line.amount),
        evidence: evidence.to_vec(),
        body: json!({
            "batch": line.batch,
            "line": line.id,
            "state": line.state.as_str(),
            "trouble": line.trouble,
            "paid_fen": line.paid.fen(),
            "returned_fen": line.returned.fen(),
        }),
    };
    ctx.record(fact).await.map(drop)
}

/// Records what was done to a batch.
pub(super) async fn record(
    ctx: &mut Ctx,
    batch: &BatchRow,
    kind: &'static str,
    amount: Option<Money>,
    evidence: Vec<Evidence>,
    mut body: Value,
) -> Result<(), Refusal> {
    if let Value::Object(map) = &mut body {
        map.insert("batch".to_owned(), json!(batch.id));
        map.insert("key".to_owned(), json!(batch.key));
    }
    let fact = Fact {
        kind,
        place: batch.place,
        amount,
        evidence,
        body,
    };
    ctx.record(fact).await.map(drop)
}
