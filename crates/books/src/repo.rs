//! Every statement on the books, in the common ground of both databases; a test prepares each on both.

use store::many_statements;

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        /// The statements above.
        const SINGLE: &[&str] = &[$($name),*];
    };
}

statements! {
    HEAD = "SELECT (SELECT COALESCE(MAX(no), 0) FROM book_entries) AS last_entry, \
        (SELECT COALESCE(MAX(no), 0) FROM book_holds) AS last_hold, \
        (SELECT MAX(last_day) FROM book_periods) AS closed_through, \
        (SELECT COUNT(*) FROM book_holds WHERE state = 'held' AND expires_at IS NOT NULL AND expires_at <= $1) AS due";
    HOLDS_DUE = "SELECT key FROM book_holds \
        WHERE state = 'held' AND expires_at IS NOT NULL AND expires_at <= $1 ORDER BY no";
    END_HOLD = "UPDATE book_holds SET state = $2, ended_at = $3 WHERE no = $1 AND state = 'held'";

    ACCOUNT = "SELECT no, code, owner_kind, owner_id, name_zh, name_en, floor, opened_at, opened_by, closed_at \
        FROM book_accounts WHERE code = $1";
    LAST_ACCOUNT = "SELECT COALESCE(MAX(no), 0) AS last FROM book_accounts";
    INSERT_ACCOUNT = "INSERT INTO book_accounts (no, code, owner_kind, owner_id, name_zh, name_en, floor, opened_at, \
        opened_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    ACCOUNTS_AFTER = "SELECT account.code, account.owner_kind, account.owner_id, account.name_zh, account.name_en, account.floor, \
        account.opened_at, account.closed_at, balance.debit_fen, balance.credit_fen, balance.held_debit_fen, \
        balance.held_credit_fen FROM book_accounts account JOIN book_balances balance ON balance.account_no = account.no \
        WHERE account.code > $1 ORDER BY account.code LIMIT $2";
    ACCOUNTS_OF = "SELECT account.code, account.owner_kind, account.owner_id, account.name_zh, account.name_en, account.floor, \
        account.opened_at, account.closed_at, balance.debit_fen, balance.credit_fen, balance.held_debit_fen, \
        balance.held_credit_fen FROM book_accounts account JOIN book_balances balance ON balance.account_no = account.no \
        WHERE account.owner_kind = $1 AND account.owner_id = $2 AND account.code > $3 ORDER BY account.code LIMIT $4";
    ACCOUNT_BALANCE = "SELECT account.code, account.owner_kind, account.owner_id, account.name_zh, account.name_en, account.floor, \
        account.opened_at, account.closed_at, balance.debit_fen, balance.credit_fen, balance.held_debit_fen, \
        balance.held_credit_fen FROM book_accounts account JOIN book_balances balance ON balance.account_no = account.no \
        WHERE account.code = $1";

    ENTRIES_AFTER = "SELECT no, key, effective_on, recorded_at, recorded_by, memo, evidence, reverses, hold_no, sha256, \
        fact_id FROM book_entries WHERE no > $1 ORDER BY no LIMIT $2";
    LEGS_BETWEEN = "SELECT leg.entry_no AS parent, account.code, leg.amount_fen FROM book_legs leg \
        JOIN book_accounts account ON account.no = leg.account_no WHERE leg.entry_no > $1 AND leg.entry_no <= $2 \
        ORDER BY leg.entry_no, leg.leg_no";
    ENTRY_NO = "SELECT no FROM book_entries WHERE key = $1";
    LAST_ENTRY = "SELECT COALESCE(MAX(no), 0) AS last FROM book_entries";
    REVERSAL_OF = "SELECT no FROM book_entries WHERE reverses = $1";
    HOLD = "SELECT hold.no, hold.key, hold.memo, hold.evidence, hold.expires_at, hold.held_at, hold.held_by, hold.state, \
        entry.no AS entry_no FROM book_holds hold LEFT JOIN book_entries entry ON entry.hold_no = hold.no \
        WHERE hold.key = $1";
    HOLD_BY_NO = "SELECT hold.no, hold.key, hold.memo, hold.evidence, hold.expires_at, hold.held_at, hold.held_by, \
        hold.state, entry.no AS entry_no FROM book_holds hold LEFT JOIN book_entries entry ON entry.hold_no = hold.no \
        WHERE hold.no = $1";
    HOLDS_BEFORE = "SELECT hold.no, hold.key, hold.memo, hold.evidence, hold.expires_at, hold.held_at, hold.held_by, \
        hold.state, entry.no AS entry_no FROM book_holds hold LEFT JOIN book_entries entry ON entry.hold_no = hold.no \
        WHERE hold.no < $1 ORDER BY hold.no DESC LIMIT $2";
    HOLDS_IN_STATE_BEFORE = "SELECT hold.no, hold.key, hold.memo, hold.evidence, hold.expires_at, hold.held_at, \
        hold.held_by, hold.state, entry.no AS entry_no FROM book_holds hold \
        LEFT JOIN book_entries entry ON entry.hold_no = hold.no WHERE hold.no < $1 AND hold.state = $3 \
        ORDER BY hold.no DESC LIMIT $2";
    HOLD_LEGS = "SELECT account.code, leg.amount_fen FROM book_hold_legs leg \
        JOIN book_accounts account ON account.no = leg.account_no WHERE leg.hold_no = $1 ORDER BY leg.leg_no";
    STATEMENT_LINES = "SELECT entry.no, leg.effective_on, entry.memo, leg.amount_fen FROM book_legs leg \
        JOIN book_entries entry ON entry.no = leg.entry_no \
        WHERE leg.account_no = (SELECT no FROM book_accounts WHERE code = $1) \
        AND leg.effective_on >= $2 AND leg.effective_on <= $3 ORDER BY leg.effective_on, leg.entry_no LIMIT $4";
    STATEMENT_LINES_AFTER = "SELECT entry.no, leg.effective_on, entry.memo, leg.amount_fen FROM book_legs leg \
        JOIN book_entries entry ON entry.no = leg.entry_no \
        WHERE leg.account_no = (SELECT no FROM book_accounts WHERE code = $1) \
        AND (leg.effective_on, leg.entry_no) > ($2, $3) AND leg.effective_on <= $4 \
        ORDER BY leg.effective_on, leg.entry_no LIMIT $5";
    SUMS_THROUGH_LINE = "SELECT CAST(COALESCE(SUM(leg.amount_fen), 0) AS BIGINT) AS sum_fen FROM book_legs leg \
        WHERE leg.account_no = (SELECT no FROM book_accounts WHERE code = $1) \
        AND leg.effective_on >= $2 AND (leg.effective_on, leg.entry_no) <= ($3, $4)";
    SUMS_OF_DAYS = "SELECT CAST(COALESCE(SUM(CASE WHEN leg.amount_fen > 0 THEN leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS debit_fen, \
        CAST(COALESCE(SUM(CASE WHEN leg.amount_fen < 0 THEN -leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS credit_fen \
        FROM book_legs leg WHERE leg.account_no = (SELECT no FROM book_accounts WHERE code = $1) \
        AND leg.effective_on >= $2 AND leg.effective_on < $3";
    TRIAL_BALANCE = "SELECT account.code, account.name_zh, account.name_en, CAST(COALESCE(SUM(CASE WHEN leg.amount_fen > 0 THEN leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS debit_fen, \
        CAST(COALESCE(SUM(CASE WHEN leg.amount_fen < 0 THEN -leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS credit_fen \
        FROM book_legs leg JOIN book_accounts account ON account.no = leg.account_no WHERE leg.effective_on <= $1 \
        GROUP BY account.code, account.name_zh, account.name_en ORDER BY account.code";
    TRIAL_BALANCE_RECORDED = "SELECT account.code, account.name_zh, account.name_en, CAST(COALESCE(SUM(CASE WHEN leg.amount_fen > 0 THEN leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS debit_fen, \
        CAST(COALESCE(SUM(CASE WHEN leg.amount_fen < 0 THEN -leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS credit_fen \
        FROM book_legs leg JOIN book_accounts account ON account.no = leg.account_no \
        JOIN book_entries entry ON entry.no = leg.entry_no WHERE leg.effective_on <= $1 AND entry.recorded_at <= $2 \
        GROUP BY account.code, account.name_zh, account.name_en ORDER BY account.code";

    HOLDS_AFTER = "SELECT hold.no, hold.key, hold.memo, hold.evidence, hold.expires_at, hold.held_at, hold.held_by, \
        hold.sha256, hold.state, entry.no AS entry_no FROM book_holds hold \
        LEFT JOIN book_entries entry ON entry.hold_no = hold.no WHERE hold.no > $1 ORDER BY hold.no LIMIT $2";
    HOLD_LEGS_BETWEEN = "SELECT leg.hold_no AS parent, account.code, leg.amount_fen FROM book_hold_legs leg \
        JOIN book_accounts account ON account.no = leg.account_no WHERE leg.hold_no > $1 AND leg.hold_no <= $2 \
        ORDER BY leg.hold_no, leg.leg_no";
    BALANCES_AFTER = "SELECT account.no, account.code, account.floor, balance.debit_fen, balance.credit_fen, \
        balance.held_debit_fen, balance.held_credit_fen FROM book_accounts account \
        JOIN book_balances balance ON balance.account_no = account.no WHERE account.no > $1 ORDER BY account.no LIMIT $2";
    LEG_SUMS = "SELECT leg.account_no, \
        CAST(COALESCE(SUM(CASE WHEN leg.amount_fen > 0 THEN leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS debit_fen, \
        CAST(COALESCE(SUM(CASE WHEN leg.amount_fen < 0 THEN -leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS credit_fen \
        FROM book_legs leg WHERE leg.account_no > $1 AND leg.account_no <= $2 GROUP BY leg.account_no";
    HOLD_SUMS = "SELECT leg.account_no, \
        CAST(COALESCE(SUM(CASE WHEN leg.amount_fen > 0 THEN leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS debit_fen, \
        CAST(COALESCE(SUM(CASE WHEN leg.amount_fen < 0 THEN -leg.amount_fen ELSE 0 END), 0) AS BIGINT) AS credit_fen \
        FROM book_hold_legs leg JOIN book_holds hold ON hold.no = leg.hold_no \
        WHERE hold.state = 'held' AND leg.account_no > $1 AND leg.account_no <= $2 GROUP BY leg.account_no";

    PERIOD = "SELECT period, last_day, entries, seal_sha256, closed_by FROM book_periods WHERE period = $1";
    LAST_PERIOD = "SELECT last_day, seal_sha256 FROM book_periods ORDER BY last_day DESC LIMIT 1";
    PERIODS = "SELECT period, first_day, last_day, entries, seal_sha256, closed_by FROM book_periods ORDER BY last_day";
    HASHES = "SELECT effective_on, no, sha256 FROM book_entries \
        WHERE (effective_on, no) > ($1, $2) AND effective_on <= $3 ORDER BY effective_on, no LIMIT $4";
    INSERT_PERIOD = "INSERT INTO book_periods (period, first_day, last_day, entries, seal_sha256, closed_at, closed_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CLOSE_ACCOUNT = "UPDATE book_accounts SET closed_at = $2, closed_by = $3 WHERE no = $1 AND closed_at IS NULL";
}

many_statements! { MANY:
    ENTRIES_BY_KEY = List "T" "SELECT no, key, effective_on, memo, evidence, reverses, hold_no FROM book_entries \
        WHERE key IN", "";
    ENTRIES_BY_NO = List "I" "SELECT no, key, effective_on, memo, evidence, reverses, hold_no FROM book_entries \
        WHERE no IN", "";
    ENTRIES_REVERSING = List "I" "SELECT no, key, effective_on, memo, evidence, reverses, hold_no FROM book_entries \
        WHERE reverses IN", "";
    LEGS_OF = List "I" "SELECT leg.entry_no AS parent, account.code, leg.amount_fen FROM book_legs leg \
        JOIN book_accounts account ON account.no = leg.account_no WHERE leg.entry_no IN",
        " ORDER BY leg.entry_no, leg.leg_no";
    HOLDS_BY_KEY = List "T" "SELECT no, key, memo, evidence, expires_at, state FROM book_holds WHERE key IN", "";
    HOLD_LEGS_OF = List "I" "SELECT leg.hold_no AS parent, account.code, leg.amount_fen FROM book_hold_legs leg \
        JOIN book_accounts account ON account.no = leg.account_no WHERE leg.hold_no IN",
        " ORDER BY leg.hold_no, leg.leg_no";
    ACCOUNTS_BY_CODE = List "T" "SELECT account.no, account.code, account.floor, account.closed_at, balance.debit_fen, \
        balance.credit_fen, balance.held_debit_fen, balance.held_credit_fen FROM book_accounts account \
        JOIN book_balances balance ON balance.account_no = account.no WHERE account.code IN", "";

    INSERT_ENTRIES = Rows "ITTITTTIITT" "INSERT INTO book_entries (no, key, effective_on, recorded_at, recorded_by, memo, \
        evidence, reverses, hold_no, sha256, fact_id)", "";
    INSERT_LEGS = Rows "ITIII" "INSERT INTO book_legs (account_no, effective_on, entry_no, leg_no, amount_fen)", "";
    INSERT_HOLDS = Rows "ITTTIITTTT" "INSERT INTO book_holds (no, key, memo, evidence, expires_at, held_at, held_by, sha256, \
        fact_id, state)", "";
    INSERT_HOLD_LEGS = Rows "IIII" "INSERT INTO book_hold_legs (hold_no, leg_no, account_no, amount_fen)", "";
    KEEP_BALANCES = Rows "IIIII" "INSERT INTO book_balances (account_no, debit_fen, credit_fen, held_debit_fen, \
        held_credit_fen)", " ON CONFLICT (account_no) DO UPDATE SET debit_fen = excluded.debit_fen, \
        credit_fen = excluded.credit_fen, held_debit_fen = excluded.held_debit_fen, \
        held_credit_fen = excluded.held_credit_fen";
}

/// The statements on the books: those of one length, and those of many rows in each of their lengths.
pub const STATEMENTS: &[&[&str]] = &[SINGLE, MANY];
