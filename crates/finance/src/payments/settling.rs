//! What a person decides about a saying that names no payment of ours: whose it is, or that it is nobody's.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Refusal};
use serde_json::json;
use store::{Ctx, Fact, Row, args};

use super::answers::{book_day, evidence};
use super::change::bring_up_to_date;
use super::desk::Payments;
use super::model::{BatchState, LineId, MatchedBy, Method, SayingId};
use super::repo::{self as sql, load_batch, load_line};
use super::rules::{refused, require_reason};

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is about this payment.
    Line(LineId),
    /// It is about no payment of ours, and why.
    Nobody {
        /// Why; at most 500 characters.
        reason: String,
    },
}

impl Payments {
    /// Settles an open saying. The payment it is given to is brought to what follows.
    ///
    /// # Errors
    /// `payments.reason_missing`, `payments.no_such_saying`, `payments.saying_settled` where it was settled otherwise,
    /// `payments.no_such_line`, `payments.not_out`, `payments.no_file`, `payments.no_amount`; what the books refuse; what the store gives.
    pub async fn settle(
        &self,
        actor: Actor,
        saying: SayingId,
        decision: Decision,
    ) -> Result<Done<()>, Refusal> {
        let decision = match decision {
            Decision::Line(line) => Decision::Line(line),
            Decision::Nobody { reason } => Decision::Nobody {
                reason: require_reason(&reason)?,
            },
        };
        let closed = self.closed_through().await?;
        let settled = self.store.write(actor, move |ctx| {
            async move {
                let row = ctx.row(sql::SAYING, args![saying.as_uuid()]).await?;
                let row =
                    row.ok_or_else(|| Refusal::new("payments.no_such_saying", Fault::Missing).value(saying))?;
                if was_settled(&row, saying, &decision)? {
                    return Ok(Done::Already(()));
                }
                match &decision {
                    Decision::Line(line) => {
                        let day = book_day(ctx, row.opt_text("booked_on")?.as_deref(), closed);
                        give(ctx, saying, *line, &row).await?;
                        let found = [evidence("answer", &row.text("file_sha256")?)];
                        bring_up_to_date(ctx, &BTreeMap::from([(*line, day)]), &found).await?;
                    }
                    Decision::Nobody { reason } => {
                        let (now, by) = (ctx.now(), ctx.actor().id.clone());
                        let args = args![saying.as_uuid(), now, by, reason];
                        ctx.execute_one(sql::CLOSE_SAYING, args).await?;
                    }
                }
                record_decision(ctx, saying, &decision).await?;
                Ok(Done::Now(()))
            }
            .boxed()
        });
        settled.await
    }
}

/// Whether the same was decided before; another decision is refused.
fn was_settled(row: &Row, saying: SayingId, decision: &Decision) -> Result<bool, Refusal> {
    let (line, note) = (row.opt_text("line_id")?, row.opt_text("closed_note")?);
    let is_same = match decision {
        Decision::Line(wanted) => line == Some(wanted.to_string()),
        Decision::Nobody { reason } => note.as_ref() == Some(reason),
    };
    if is_same {
        return Ok(true);
    }
    if line.is_some() || note.is_some() {
        return Err(Refusal::new("payments.saying_settled", Fault::Refused).value(saying));
    }
    Ok(false)
}

async fn give(ctx: &mut Ctx, saying: SayingId, line: LineId, row: &Row) -> Result<(), Refusal> {
    let payment = load_line(ctx, line).await?;
    let batch = load_batch(ctx, payment.batch).await?;
    if batch.state != BatchState::Out {
        return Err(refused("payments.not_out", &batch.key).value(batch.state.as_str()));
    }
    if batch.method != Method::Bank {
        return Err(refused("payments.no_file", &batch.key));
    }
    let moves_money = matches!(row.text("says")?.as_str(), "paid" | "returned");
    if moves_money && row.opt_int("amount_fen")?.is_none() {
        return Err(Refusal::new("payments.no_amount", Fault::Refused).value(saying));
    }
    let nothing: Option<&str> = None;
    let args = args![
        saying.as_uuid(),
        line.as_uuid(),
        MatchedBy::Person.as_str(),
        nothing
    ];
    ctx.execute_one(sql::GIVE_SAYING, args).await
}

async fn record_decision(ctx: &mut Ctx, saying: SayingId, decision: &Decision) -> Result<(), Refusal> {
    let body = match decision {
        Decision::Line(line) => json!({ "saying": saying, "line": line }),
        Decision::Nobody { reason } => json!({ "saying": saying, "reason": reason }),
    };
    let fact = Fact {
        kind: "payments.saying_settled",
        place: None,
        amount: None,
        evidence: Vec::new(),
        body,
    };
    ctx.record(fact).await.map(drop)
}
