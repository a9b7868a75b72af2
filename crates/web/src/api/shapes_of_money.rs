//! The shapes of answers about the books, payments and the fund, written as those of [`super::schemas`].

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
    (
        "Tranche",
        "number:int due_on:day amount_fen:int called_fen:int received_fen:int",
    ),
    (
        "Pledge",
        "key:text donor:Text signed_on:day through_on:day total_fen:int called_fen:int received_fen:int \
        leverage_low_fen:int leverage_high_fen:int tranches:Tranche[]",
    ),
    ("PledgeList", "items:Pledge[]"),
    (
        "PillarStanding",
        "pillar:text unit:Text budget_fen:int actual_fen:int released_fen:int held_fen:int forecast_fen:int left_fen:int",
    ),
    ("BudgetLine", "pillar:text amount_fen:int"),
    (
        "BudgetVersion",
        "key:text version:int reason:text state:(proposed|approved|declined) proposed_by:text decided_by:text? \
        lines:BudgetLine[]",
    ),
    (
        "Budget",
        "year:period pillars:PillarStanding[] versions:BudgetVersion[]",
    ),
    (
        "FundMilestone",
        "number:int title:Text due_on:day amount_fen:int state:(planned|committed|met|released|freed) met_on:day? \
        document:text? held_fen:int",
    ),
    (
        "Project",
        "key:text pillar:text place:place? title:Text held_fen:int released_fen:int spent_fen:int \
        milestones:FundMilestone[]",
    ),
    ("ProjectList", "items:Project[]"),
    (
        "Claim",
        "key:text project:text contributor:text class:(finance|turnover) amount_fen:int causal:bool shares:any[] attributed_fen:int",
    ),
    (
        "Leverage",
        "mobilised_fen:int attributed_fen:int uncaused_fen:int turnover_fen:int spent_fen:int per_yuan_permille:int? \
        claims:Claim[]",
    ),
    ("FlowEdge", "from:text to:text amount_fen:int"),
    ("FlowList", "items:FlowEdge[]"),
    ("Duty", "title:Text due_on:day done_permille:int seen_on:day?"),
    (
        "Pairing",
        "key:text place:place? unit:Text signed_on:day duties:Duty[]",
    ),
    ("PairingList", "items:Pairing[]"),
    (
        "Target",
        "owner:text indicator:text title:Text unit:text target:int due_on:day reached:int?",
    ),
    ("TargetList", "items:Target[]"),
    (
        "Visit",
        "key:text visited_on:day place:place? findings:text photos:int",
    ),
    ("VisitList", "period:period items:Visit[]"),
    ("Event", "happened_on:day pillar:text place:text title:Text"),
    ("EventList", "period:period items:Event[]"),
];
