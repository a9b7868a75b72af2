//! An example of each answer about the books and payments.

use serde_json::{Value, json};

use super::examples::{AT, ID, JOB, SHA};

/// The example of a shape; none where it is about something else.
pub(super) fn of(shape: &str) -> Option<Value> {
    Some(match shape {
        "Account" => account(),
        "AccountPage" => json!({ "items": [account()], "next": null }),
        "Statement" => json!({
            "code": "assets:fund:bank", "owner": "bank:icbc", "name_zh": "基金银行存款", "name_en": "Fund's bank account",
            "from": "2018-06-01", "through": "2018-06-30", "opening_fen": 0, "debit_fen": 100_000, "credit_fen": 0,
            "closing_fen": 100_000, "next": null,
            "lines": [{ "entry": 17, "effective_on": "2018-06-30", "memo": "捐赠", "amount_fen": 100_000, "balance_fen": 100_000 }],
        }),
        "Entry" => {
            let mut entry = entry();
            if let Some(map) = entry.as_object_mut() {
                map.insert("reversed_by".to_owned(), Value::Null);
            }
            entry
        }
        "EntryPage" => json!({ "items": [entry()], "next": null }),
        "SayEntry" => json!({
            "key": "gift-1", "effective_on": "2018-06-30", "memo": "捐赠", "legs": legs(),
        }),
        "SayReversal" => json!({ "effective_on": "2018-07-02", "reason": "重复" }),
        "HoldPage" => json!({ "items": [{
            "no": 3, "key": format!("payments:{ID}:1"), "memo": "2018-07-apples #1", "held_at": AT, "held_by": JOB,
            "expires_at": null, "state": "held", "entry": null, "legs": legs(),
        }], "next": null }),
        "TrialBalance" => json!({
            "debit_fen": 100_000, "credit_fen": 100_000, "debit_balance_fen": 100_000, "credit_balance_fen": 100_000,
            "lines": [{
                "code": "assets:fund:bank", "name_zh": "基金银行存款", "name_en": "Fund's bank account",
                "debit_fen": 100_000, "credit_fen": 0, "debit_balance_fen": 100_000, "credit_balance_fen": 0,
            }],
        }),
        "ClosedPeriodList" => json!({ "items": [{
            "period": "2018H1", "entries": 402, "seal_sha256": SHA, "closed_by": JOB,
        }] }),
        "BatchPage" => json!({ "items": [batch()], "next": null }),
        "Batch" => {
            let mut detail = batch();
            if let Some(map) = detail.as_object_mut() {
                map.insert("filled_by".to_owned(), json!([JOB]));
                map.insert("payments".to_owned(), json!([payment()]));
            }
            detail
        }
        _ => return None,
    })
}

fn account() -> Value {
    json!({
        "code": "assets:fund:bank", "owner": "bank:icbc", "name_zh": "基金银行存款", "name_en": "Fund's bank account",
        "floor": true, "opened_at": AT, "closed_at": null, "debit_fen": 100_000, "credit_fen": 0, "balance_fen": 100_000,
        "held_fen": 30_000, "available_fen": 70_000,
    })
}

fn legs() -> Value {
    json!([
        { "account": "assets:fund:bank", "amount_fen": 100_000 },
        { "account": "equity:fund:pledge", "amount_fen": -100_000 },
    ])
}

fn entry() -> Value {
    json!({
        "no": 17, "key": "gift-1", "effective_on": "2018-06-30", "recorded_at": AT, "recorded_by": JOB, "memo": "捐赠",
        "evidence": [], "reverses": null, "hold": null, "sha256": SHA, "fact_id": ID, "legs": legs(),
    })
}

fn batch() -> Value {
    json!({
        "id": ID, "key": "2018-07-apples", "method": "bank", "place": null, "source": "assets:fund:bank",
        "execute_on": "2018-07-03", "payer_name": "鱼塘脱贫基金", "payer_account": "****4567", "state": "prepared",
        "made_at": AT, "made_by": JOB, "prepared_by": JOB, "approved_by": [], "approved_at": null, "file_sha256": null,
        "cancel_reason": null, "lines": 1, "total_fen": 123_450, "paid_fen": 0,
    })
}

fn payment() -> Value {
    json!({
        "id": JOB, "batch": ID, "number": 1, "key": "contract-7", "reference": "FP01890a5dac977c409d355f0b1f2f6a11",
        "payee": "李**", "account": "****0128", "bank": "103100000026", "amount_fen": 123_450, "purpose": "produce",
        "remittance": "七月苹果货款", "charge": "liabilities:household:h7", "state": "waiting", "trouble": null,
        "paid_fen": 0, "returned_fen": 0,
    })
}
