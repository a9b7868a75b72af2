//! How far something is that was asked before.

use dci::{Said, SearchAnswer, SearchResponse, TxnAsked, TxnStatus, TxnStatusRequest, TxnStatusResponse};
use kernel::Refusal;
use serde_json::Value;
use store::{Row, args};

use crate::desk::Exchange;
use crate::model::Partner;
use crate::repo as sql;

/// The most references of one question.
const REFERENCES_MAX: usize = 20;

impl Exchange {
    /// Says of each request that was found how far it is, without what was answered.
    pub(crate) async fn answer_status(
        &self,
        partner: &Partner,
        asked: &TxnStatusRequest,
        correlation_id: &str,
    ) -> Result<TxnStatusResponse, Refusal> {
        let question = &asked.txnstatus_request;
        let mut answers = Vec::new();
        for row in self.rows_asked(partner, question).await? {
            answers.extend(self.how_far(&row).await?);
        }
        let references = texts(&question.attribute_value);
        if question.attribute_type == "reference_id_list" {
            answers.retain(|answer| references.contains(&answer.reference_id.as_str()));
        }
        if answers.is_empty() {
            answers.push(SearchAnswer {
                reference_id: question.reference_id.clone(),
                timestamp: Said::Is(self.now().to_string()),
                status: "rjct".to_owned(),
                status_reason_code: Some("rjct.reference_id.invalid".to_owned()),
                status_reason_message: Some("nothing of this kind was asked, or it was let go".to_owned()),
                ..SearchAnswer::default()
            });
        }
        Ok(TxnStatusResponse {
            transaction_id: asked.transaction_id.clone(),
            correlation_id: correlation_id.to_owned(),
            txnstatus_response: TxnStatus {
                txn_type: question.txn_type.clone(),
                txn_status: SearchResponse {
                    transaction_id: asked.transaction_id.clone(),
                    correlation_id: correlation_id.to_owned(),
                    search_response: answers,
                },
            },
        })
    }

    async fn rows_asked(&self, partner: &Partner, question: &TxnAsked) -> Result<Vec<Row>, Refusal> {
        let action = match question.txn_type.as_str() {
            "search" => "search",
            // The first edition of the schema writes it so.
            "subscribe" | "subscibe" => "subscribe",
            _ => return Ok(Vec::new()),
        };
        let statement = match question.attribute_type.as_str() {
            "transaction_id" => sql::OF_TRANSACTION,
            "correlation_id" => sql::OF_CORRELATION,
            "reference_id_list" => sql::OF_REFERENCE,
            _ => return Ok(Vec::new()),
        };
        let (mut reader, mut found) = (self.store.read().await?, Vec::new());
        for value in texts(&question.attribute_value).into_iter().take(REFERENCES_MAX) {
            let of = args![&partner.sender_id, action, value];
            found.extend(reader.rows(statement, of).await?);
        }
        Ok(found)
    }

    /// Each request of a message: what came of it, or that it waits.
    async fn how_far(&self, row: &Row) -> Result<Vec<SearchAnswer>, Refusal> {
        let id = row.text("id")?;
        let answered = row
            .opt_text("sealed_answer")?
            .map(|sealed| self.sealer.open(&id, &sealed))
            .transpose()?;
        let outcomes = answered.map(|kept| outcomes(&kept.message)).unwrap_or_default();
        if !outcomes.is_empty() {
            return Ok(outcomes);
        }
        let received = row.instant("received_at")?.to_string();
        let rows = self.store.read().await?.rows(sql::REFERENCES, args![id]).await?;
        let waiting = rows.iter().map(|row| {
            Ok(SearchAnswer {
                reference_id: row.text("reference_id")?,
                timestamp: Said::Is(received.clone()),
                status: "pdng".to_owned(),
                ..SearchAnswer::default()
            })
        });
        waiting.collect()
    }
}

/// What came of each request, without what was found.
fn outcomes(message: &Value) -> Vec<SearchAnswer> {
    let list = ["search_response", "subscribe_response"];
    let items = list
        .iter()
        .find_map(|name| message.get(name))
        .and_then(Value::as_array);
    let field = |item: &Value, name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let outcome = |item: &Value| SearchAnswer {
        reference_id: field(item, "reference_id").unwrap_or_default(),
        timestamp: field(item, "timestamp").map_or(Said::Missing, Said::Is),
        status: field(item, "status").unwrap_or_default(),
        // The codes of subscriptions are none of a search.
        status_reason_code: field(item, "status_reason_code")
            .filter(|_| message.get("search_response").is_some()),
        status_reason_message: field(item, "status_reason_message"),
        ..SearchAnswer::default()
    };
    items.into_iter().flatten().map(outcome).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
