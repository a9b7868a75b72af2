//! Is every payment still what was said about it, and is its money held where it should be?

use books::HoldState;
use kernel::{Fault, Refusal};
use store::{Reader, Store, args};

use super::change::said;
use super::model::{BatchState, LineState};
use super::outcome::outcome;
use super::repo::{self as sql, LineRow};

/// Lines that are read at a time.
const PAGE: i64 = 500;

/// Works every payment out again from its sayings and looks for its hold in the books; answers a refusal for each that
/// differs: `payments.line_differs`, `payments.hold_differs`.
///
/// # Errors
/// What kept it from looking.
pub async fn check(store: &Store) -> Result<Vec<Refusal>, Refusal> {
    let mut reader = store.read().await?;
    let (mut findings, mut after) = (Vec::new(), String::new());
    loop {
        let rows = reader.rows(sql::LINES_AFTER, args![&after, PAGE]).await?;
        for row in &rows {
            let line = LineRow::from_row(row)?;
            let batch = BatchState::stored(&row.text("batch_state")?)?;
            findings.extend(line_differs(&mut reader, &line).await?);
            findings.extend(hold_differs(&mut reader, &line, batch).await?);
            after = line.id.to_string();
        }
        if rows.is_empty() {
            return Ok(findings);
        }
    }
}

async fn line_differs(reader: &mut Reader, line: &LineRow) -> Result<Option<Refusal>, Refusal> {
    let rows = reader
        .rows(sql::SAYINGS_OF_LINE, args![line.id.as_uuid()])
        .await?;
    let sayings: Vec<_> = rows.iter().map(said).collect::<Result<_, _>>()?;
    let wanted = outcome(line.amount, &sayings)?;
    let state = if line.state == LineState::Cancelled {
        LineState::Cancelled
    } else {
        wanted.state
    };
    let is_same = (line.state, line.paid, line.returned) == (state, wanted.paid, wanted.returned);
    Ok((!is_same).then(|| {
        Refusal::new("payments.line_differs", Fault::Broken)
            .at(line.id)
            .value(format!("{} {} {}", line.state.as_str(), line.paid, line.returned))
            .fact(
                "wanted",
                format!("{} {} {}", state.as_str(), wanted.paid, wanted.returned),
            )
    }))
}

/// Money is held for a payment that is approved and not decided, and for no other.
async fn hold_differs(
    reader: &mut Reader,
    line: &LineRow,
    batch: BatchState,
) -> Result<Option<Refusal>, Refusal> {
    let is_open = matches!(line.state, LineState::Waiting | LineState::Accepted);
    let is_due = is_open && matches!(batch, BatchState::Approved | BatchState::Out);
    let is_held = match &line.hold {
        Some(key) => {
            let hold = books::hold_by_key(reader, key).await?;
            hold.is_some_and(|hold| hold.state == HoldState::Held)
        }
        None => false,
    };
    Ok((is_due != is_held).then(|| {
        Refusal::new("payments.hold_differs", Fault::Broken)
            .at(line.id)
            .value(line.hold.as_deref().unwrap_or("-"))
    }))
}
