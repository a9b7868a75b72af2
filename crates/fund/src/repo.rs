//! The statements of the fund and the rows that acts work with.

use jiff::civil::Date;
use kernel::{Money, Period, Refusal};
use store::{Ctx, Row, args};

use crate::rules::missing;

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        /// Every statement of the fund, so that a test can prepare each on both databases.
        pub const STATEMENTS: &[&str] = &[$($name),*];
    };
}

statements! {
    ACT = "SELECT content_sha256 FROM fund_acts WHERE identity = $1";
    INSERT_ACT = "INSERT INTO fund_acts (identity, content_sha256, done_at, done_by) VALUES ($1, $2, $3, $4)";

    INSERT_PLEDGE = "INSERT INTO fund_pledges (key, donor_zh, donor_en, signed_on, through_on, total_fen, \
        leverage_low_fen, leverage_high_fen, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    PLEDGES = "SELECT * FROM fund_pledges WHERE signed_on <= $1 ORDER BY key";
    INSERT_TRANCHE = "INSERT INTO fund_tranches (pledge, tranche_no, due_on, amount_fen) VALUES ($1, $2, $3, $4)";
    TRANCHE = "SELECT * FROM fund_tranches WHERE pledge = $1 AND tranche_no = $2";
    TRANCHES = "SELECT * FROM fund_tranches WHERE pledge = $1 ORDER BY tranche_no";
    CALL = "UPDATE fund_tranches SET called_on = $3 WHERE pledge = $1 AND tranche_no = $2 AND called_on IS NULL";

    OWN = "INSERT INTO fund_pillars (id, unit_zh, unit_en, since_on) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (id) DO UPDATE SET unit_zh = excluded.unit_zh, unit_en = excluded.unit_en, \
        since_on = excluded.since_on WHERE fund_pillars.since_on <= excluded.since_on";
    PILLAR = "SELECT id FROM fund_pillars WHERE id = $1";
    PILLARS = "SELECT id, unit_zh, unit_en FROM fund_pillars ORDER BY id";

    LAST_BUDGET = "SELECT version_no, state FROM fund_budgets WHERE period = $1 ORDER BY version_no DESC LIMIT 1";
    INSERT_BUDGET = "INSERT INTO fund_budgets (key, period, version_no, reason, state, proposed_by) \
        VALUES ($1, $2, $3, $4, 'proposed', $5)";
    INSERT_BUDGET_LINE = "INSERT INTO fund_budget_lines (budget, pillar, amount_fen) VALUES ($1, $2, $3)";
    BUDGET = "SELECT * FROM fund_budgets WHERE key = $1";
    BUDGETS = "SELECT * FROM fund_budgets WHERE period = $1 ORDER BY version_no";
    BUDGET_LINE = "SELECT amount_fen FROM fund_budget_lines WHERE budget = $1 AND pillar = $2";
    BUDGET_LINES = "SELECT pillar, amount_fen FROM fund_budget_lines WHERE budget = $1 ORDER BY pillar";
    DECIDE_BUDGET = "UPDATE fund_budgets SET state = $2, decided_by = $3 WHERE key = $1 AND state = 'proposed'";
    BUDGET_IN_FORCE = "SELECT l.amount_fen FROM fund_budget_lines l JOIN fund_budgets b ON b.key = l.budget \
        WHERE b.period = $1 AND l.pillar = $2 AND b.state = 'approved' AND b.version_no = (SELECT MAX(v.version_no) \
        FROM fund_budgets v WHERE v.period = $1 AND v.state = 'approved')";
    COMMITTED = "SELECT CAST(COALESCE(SUM(m.amount_fen), 0) AS BIGINT) AS amount_fen FROM fund_milestones m \
        JOIN fund_projects p ON p.key = m.project WHERE p.pillar = $1 AND m.due_on BETWEEN $2 AND $3 \
        AND m.state IN ('committed', 'met', 'released')";

    INSERT_PROJECT = "INSERT INTO fund_projects (key, pillar, place_code, title_zh, title_en, starts_on, ends_on) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    PROJECT = "SELECT * FROM fund_projects WHERE key = $1";
    PROJECTS = "SELECT * FROM fund_projects ORDER BY key";
    INSERT_MILESTONE = "INSERT INTO fund_milestones (project, milestone_no, title_zh, title_en, due_on, amount_fen, state) \
        VALUES ($1, $2, $3, $4, $5, $6, 'planned')";
    MILESTONE = "SELECT m.*, p.pillar FROM fund_milestones m JOIN fund_projects p ON p.key = m.project \
        WHERE m.project = $1 AND m.milestone_no = $2";
    MILESTONES = "SELECT m.*, p.pillar FROM fund_milestones m JOIN fund_projects p ON p.key = m.project \
        ORDER BY m.project, m.milestone_no";
    SET_STATE = "UPDATE fund_milestones SET state = $3 WHERE project = $1 AND milestone_no = $2 AND state = $4";
    MEET = "UPDATE fund_milestones SET state = 'met', met_on = $3, met_by = $4, met_document = $5 \
        WHERE project = $1 AND milestone_no = $2 AND state = 'committed'";
    RELEASE = "UPDATE fund_milestones SET state = 'released', released_on = $3, released_by = $4 \
        WHERE project = $1 AND milestone_no = $2 AND state = 'met'";

    INSERT_COFINANCE = "INSERT INTO fund_cofinance (key, project, class, contributor, reference, agreed_on, amount_fen, \
        causal, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    COFINANCE_BY_REFERENCE = "SELECT key FROM fund_cofinance WHERE contributor = $1 AND reference = $2 \
        AND withdrawn_on IS NULL";
    WITHDRAW_COFINANCE = "UPDATE fund_cofinance SET withdrawn_on = $2 WHERE key = $1 AND withdrawn_on IS NULL";
    INSERT_MOBILISER = "INSERT INTO fund_mobilisers (cofinance, mobiliser, contribution_fen) VALUES ($1, $2, $3) \
        ON CONFLICT (cofinance, mobiliser) DO NOTHING";
    COFINANCE = "SELECT * FROM fund_cofinance WHERE agreed_on <= $1 AND (withdrawn_on IS NULL OR withdrawn_on > $1) \
        ORDER BY key";
    MOBILISERS = "SELECT cofinance, mobiliser, contribution_fen FROM fund_mobilisers ORDER BY cofinance, mobiliser";

    INSERT_PAIRING = "INSERT INTO fund_pairings (key, place_code, unit_zh, unit_en, signed_on, document) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    PAIRINGS = "SELECT * FROM fund_pairings ORDER BY key";
    INSERT_DUTY = "INSERT INTO fund_duties (pairing, duty_no, title_zh, title_en, due_on, done_permille) \
        VALUES ($1, $2, $3, $4, $5, 0)";
    DUTY = "SELECT duty_no FROM fund_duties WHERE pairing = $1 AND duty_no = $2";
    DUTIES = "SELECT * FROM fund_duties ORDER BY pairing, duty_no";
    SET_DUTY = "UPDATE fund_duties SET seen_on = $3, done_permille = $4 WHERE pairing = $1 AND duty_no = $2 \
        AND (seen_on IS NULL OR seen_on < $3)";
    PAIRING_PLACE = "SELECT place_code FROM fund_pairings WHERE key = $1";

    INSERT_MODEL_COUNTY = "INSERT INTO fund_model_counties (place_code, product_zh, product_en, named_on) \
        VALUES ($1, $2, $3, $4)";
    MODEL_COUNTY = "SELECT place_code FROM fund_model_counties WHERE place_code = $1";
    MODEL_COUNTIES = "SELECT place_code, named_on FROM fund_model_counties WHERE named_on <= $1 ORDER BY place_code";
    INSERT_TARGET = "INSERT INTO fund_targets (owner, indicator, title_zh, title_en, unit, target, due_on) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    TARGET = "SELECT unit FROM fund_targets WHERE owner = $1 AND indicator = $2";
    TARGETS = "SELECT t.*, (SELECT m.value FROM fund_measurements m WHERE m.owner = t.owner \
        AND m.indicator = t.indicator AND m.seen_on <= $1 ORDER BY m.seen_on DESC LIMIT 1) AS reached \
        FROM fund_targets t ORDER BY t.owner, t.indicator";
    INSERT_MEASUREMENT = "INSERT INTO fund_measurements (owner, indicator, seen_on, value, document) \
        VALUES ($1, $2, $3, $4, $5)";

    HALVES_OF_DAY = "SELECT CAST(COALESCE(SUM(halves), 0) AS BIGINT) AS halves FROM fund_staff_days \
        WHERE person = $1 AND worked_on = $2";
    INSERT_STAFF_DAY = "INSERT INTO fund_staff_days (person, worked_on, pillar, place_code, halves) \
        VALUES ($1, $2, $3, $4, $5)";
    STAFF_DAYS = "SELECT * FROM fund_staff_days WHERE worked_on BETWEEN $1 AND $2 ORDER BY worked_on, person, pillar";
    INSERT_VISIT = "INSERT INTO fund_visits (key, person, place_code, visited_on, findings) VALUES ($1, $2, $3, $4, $5)";
    INSERT_PHOTO = "INSERT INTO fund_photos (visit, document) VALUES ($1, $2) ON CONFLICT (visit, document) DO NOTHING";
    VISITS = "SELECT v.*, (SELECT COUNT(*) FROM fund_photos p WHERE p.visit = v.key) AS photos FROM fund_visits v \
        WHERE v.visited_on BETWEEN $1 AND $2 ORDER BY v.visited_on, v.key";

    INSERT_EVENT = "INSERT INTO fund_events (key, happened_on, pillar, place_zh, title_zh, title_en) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    EVENTS = "SELECT * FROM fund_events WHERE happened_on BETWEEN $1 AND $2 ORDER BY happened_on, key";
}

/// A milestone as acts need it.
pub(crate) struct MilestoneRow {
    pub pillar: String,
    pub due_on: Date,
    pub amount: Money,
    pub state: String,
    pub met_on: Option<Date>,
    pub met_by: Option<String>,
}

pub(crate) async fn milestone(ctx: &mut Ctx, project: &str, number: u32) -> Result<MilestoneRow, Refusal> {
    let row = ctx.row(MILESTONE, args![project, number]).await?;
    let row = row.ok_or_else(|| missing("fund.no_such_milestone", &format!("{project}:{number}")))?;
    Ok(MilestoneRow {
        pillar: row.text("pillar")?,
        due_on: day(&row, "due_on")?,
        amount: money(&row, "amount_fen")?,
        state: row.text("state")?,
        met_on: opt_day(&row, "met_on")?,
        met_by: row.opt_text("met_by")?,
    })
}

pub(crate) async fn budget(ctx: &mut Ctx, key: &str) -> Result<Row, Refusal> {
    let row = ctx.row(BUDGET, args![key]).await?;
    row.ok_or_else(|| missing("fund.no_such_budget", key))
}

/// What the approved version of a year gives a pillar; none where no version was approved or it does not name the pillar.
pub(crate) async fn budget_in_force(
    ctx: &mut Ctx,
    year: Period,
    pillar: &str,
) -> Result<Option<Money>, Refusal> {
    let row = ctx.row(BUDGET_IN_FORCE, args![year.to_string(), pillar]).await?;
    row.map(|row| money(&row, "amount_fen")).transpose()
}

/// What is promised of a pillar's budget: its milestones of the year that are committed, met or released.
pub(crate) async fn committed(ctx: &mut Ctx, year: Period, pillar: &str) -> Result<Money, Refusal> {
    let args = args![pillar, year.first_day(), year.last_day()];
    let row = ctx.row(COMMITTED, args).await?;
    row.map_or(Ok(Money::ZERO), |row| money(&row, "amount_fen"))
}

pub(crate) async fn require_pillar(ctx: &mut Ctx, pillar: &str) -> Result<(), Refusal> {
    let known = ctx.row(PILLAR, args![pillar]).await?;
    known
        .map(drop)
        .ok_or_else(|| missing("fund.no_such_pillar", pillar))
}

pub(crate) async fn pillars(ctx: &mut Ctx) -> Result<Vec<String>, Refusal> {
    let rows = ctx.rows(PILLARS, args![]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

pub(crate) fn money(row: &Row, column: &str) -> Result<Money, Refusal> {
    row.int(column).map(Money::from_fen)
}

pub(crate) fn day(row: &Row, column: &str) -> Result<Date, Refusal> {
    let text = row.text(column)?;
    text.parse()
        .map_err(|error| Refusal::broken("store.bad_column", &error).at(column.to_owned()))
}

pub(crate) fn opt_day(row: &Row, column: &str) -> Result<Option<Date>, Refusal> {
    row.opt_text(column)?.map(|_| day(row, column)).transpose()
}
