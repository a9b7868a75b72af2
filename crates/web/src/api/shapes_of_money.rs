//! The shapes of answers about the books and payments, written as those of [`super::schemas`].

/// Name and properties of each.
pub(super) const SHAPES: &[(&str, &str)] = &[
    (
        "Account",
        "code:text owner:text name_zh:text name_en:text floor:bool opened_at:instant closed_at:instant? debit_fen:int \
        credit_fen:int balance_fen:int held_fen:int available_fen:int",
    ),
    ("AccountPage", "items:Account[] next:text?"),
    (
        "StatementLine",
        "entry:int effective_on:day memo:text amount_fen:int balance_fen:int",
    ),
    (
        "Statement",
        "code:text owner:text name_zh:text name_en:text from:day through:day opening_fen:int debit_fen:int \
        credit_fen:int closing_fen:int lines:StatementLine[] next:text?",
    ),
    ("Leg", "account:text amount_fen:int"),
    (
        "Entry",
        "no:int key:text effective_on:day recorded_at:instant recorded_by:text memo:text evidence:any[] reverses:int? \
        ~reversed_by:int? hold:int? sha256:text fact_id:text legs:Leg[]",
    ),
    ("EntryPage", "items:Entry[] next:text?"),
    ("SayEntry", "key:text effective_on:day ~memo:text legs:Leg[]"),
    ("SayReversal", "effective_on:day reason:text"),
    (
        "Hold",
        "no:int key:text memo:text held_at:instant held_by:text expires_at:instant? \
        state:(held|posted|voided|expired) entry:int? legs:Leg[]",
    ),
    ("HoldPage", "items:Hold[] next:text?"),
    (
        "TrialLine",
        "code:text name_zh:text name_en:text debit_fen:int credit_fen:int debit_balance_fen:int credit_balance_fen:int",
    ),
    (
        "TrialBalance",
        "lines:TrialLine[] debit_fen:int credit_fen:int debit_balance_fen:int credit_balance_fen:int",
    ),
    (
        "ClosedPeriod",
        "period:period entries:int seal_sha256:text closed_by:text",
    ),
    ("ClosedPeriodList", "items:ClosedPeriod[]"),
    (
        "Payment",
        "id:uuid batch:uuid number:int key:text reference:text payee:text account:text? bank:text? amount_fen:int \
        purpose:text remittance:text charge:text \
        state:(waiting|accepted|rejected|settled|partly|returned|cancelled) trouble:text? paid_fen:int returned_fen:int",
    ),
    (
        "Batch",
        "id:uuid key:text method:(bank|cash|agent) place:place? source:text execute_on:day payer_name:text \
        payer_account:text? state:(draft|prepared|approved|out|cancelled) made_at:instant made_by:text \
        prepared_by:text? approved_by:text[] approved_at:instant? file_sha256:text? cancel_reason:text? lines:int \
        total_fen:int paid_fen:int ~filled_by:text[] ~payments:Payment[]",
    ),
    ("BatchPage", "items:Batch[] next:text?"),
];
