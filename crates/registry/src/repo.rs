//! Every SQL statement of this crate, once.

use store::many_statements;

pub(crate) use crate::reading::*;

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        const SINGLE: &[&str] = &[$($name),*];
    };
}

/// Households of a span of places with how many members they have and their income of a year, held against bounds: `$1` to `$2`
/// the places, `$3` the year, `$4` to `$5` the members, `$6` whether income counts, and from `$7` to below `$8` it lies a head.
macro_rules! measured {
    () => {
        "(SELECT h.id, i.net_fen, (SELECT COUNT(*) FROM registry_persons m WHERE m.household = h.id) AS members \
         FROM registry_households h LEFT JOIN registry_incomes i ON i.household = h.id AND i.year = $3 \
         WHERE h.place_code BETWEEN $1 AND $2) f"
    };
    (bounds) => {
        "f.members BETWEEN $4 AND $5 AND ($6 = 0 OR (f.members > 0 AND f.net_fen >= $7 * f.members \
         AND f.net_fen < $8 * f.members))"
    };
    // By what (0 id, 1 members, 2 income a head, 3 birth), and 1 upwards or -1 downwards; what is not known is last.
    (order $by:literal, $direction:literal, $birth:literal) => {
        concat!(
            $direction, " * COALESCE(CASE WHEN ", $by, " = 1 THEN f.members WHEN ", $by,
            " = 2 THEN f.net_fen / NULLIF(f.members, 0) WHEN ", $by, " = 3 THEN ", $birth, " ELSE 0 END, ",
            $direction, " * 9000000000000000)"
        )
    };
}

/// Whether the last word of a person on the purpose `$9` is yes; any person where it is empty.
macro_rules! agrees {
    ($person:literal) => {
        concat!(
            "($9 = '' OR EXISTS (SELECT 1 FROM registry_consents c WHERE c.person = ",
            $person,
            " AND c.purpose = $9 AND c.given = 1 AND NOT EXISTS (SELECT 1 FROM registry_consents l \
             WHERE l.person = c.person AND l.purpose = c.purpose AND l.since_on > c.since_on)))"
        )
    };
}

/// Households that are sought, of which some member agreed.
macro_rules! households_sought {
    () => {
        concat!(
            " FROM ",
            measured!(),
            " WHERE ",
            measured!(bounds),
            " AND ($9 = '' OR EXISTS (SELECT 1 FROM registry_persons p WHERE p.household = f.id AND ",
            agrees!("p.id"),
            "))"
        )
    };
}

/// Persons who are sought: `$10` their sex, born from `$11` to `$12`, `$13` 1 with a disability, 0 without, -1 either.
macro_rules! persons_sought {
    () => {
        concat!(
            " FROM registry_persons p JOIN ",
            measured!(),
            " ON f.id = p.household WHERE ",
            measured!(bounds),
            " AND ",
            agrees!("p.id"),
            " AND ($10 = '' OR p.sex = $10) \
             AND ($11 = '' OR p.birth_on BETWEEN $11 AND $12) \
             AND ($13 = -1 OR ($13 = 1 AND p.disability > 0) OR ($13 = 0 AND p.disability = 0))"
        )
    };
}

statements! {
    HOUSEHOLDS_SOUGHT = concat!("SELECT f.id", households_sought!(), " ORDER BY ", measured!(order "$10", "$11", "0"),
        ", f.id LIMIT $12 OFFSET $13");
    HOUSEHOLDS_COUNTED = concat!("SELECT COUNT(*) AS found", households_sought!());
    PERSONS_SOUGHT = concat!("SELECT p.id", persons_sought!(), " ORDER BY ",
        measured!(order "$14", "$15", "CAST(REPLACE(p.birth_on, '-', '') AS BIGINT)"), ", p.id LIMIT $16 OFFSET $17");
    PERSONS_COUNTED = concat!("SELECT COUNT(*) AS found", persons_sought!());

    ACT = "SELECT content_mark FROM registry_acts WHERE identity = $1";
    INSERT_ACT = "INSERT INTO registry_acts (identity, content_mark, done_at, done_by) VALUES ($1, $2, $3, $4)";

    LAST_STATEMENT = "SELECT COALESCE(MAX(statement_no), 0) AS statement_no FROM registry_statements";
    INSERT_STATEMENT = "INSERT INTO registry_statements (statement_no, subject, since_on, said, sealed, document, act, \
        recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    STATEMENTS_OF = "SELECT * FROM registry_statements WHERE subject = $1 ORDER BY since_on, statement_no";

    HOUSEHOLD = "SELECT * FROM registry_households WHERE id = $1";
    INSERT_HOUSEHOLD = "INSERT INTO registry_households (id, place_code, status, causes, unmet, unseen, registered_at) \
        VALUES ($1, $2, 'registered', '', 0, 0, $3)";
    SET_HOUSEHOLD = "UPDATE registry_households SET place_code = $2, status = $3, causes = $4, land_milli_mu = $5, \
        unmet = $6, unseen = $7, exclusions = $8 WHERE id = $1";
    INSERT_STATUS = "INSERT INTO registry_statuses (household, since_on, statement_no, status) \
        VALUES ($1, $2, $3, $4)";
    STATUSES = "SELECT h.place_code, s.household, s.since_on, s.status FROM registry_statuses s \
        JOIN registry_households h ON h.id = s.household WHERE s.since_on <= $1 \
        AND NOT EXISTS (SELECT 1 FROM registry_same_households x WHERE x.gone = h.id) \
        ORDER BY s.household, s.since_on, s.statement_no";
    SET_INCOME = "INSERT INTO registry_incomes (household, year, net_fen) VALUES ($1, $2, $3) \
        ON CONFLICT (household, year) DO UPDATE SET net_fen = excluded.net_fen";

    PERSON = "SELECT p.*, k.wrapped FROM registry_persons p LEFT JOIN registry_keys k ON k.person = p.id WHERE p.id = $1";
    INSERT_PERSON = "INSERT INTO registry_persons (id) VALUES ($1)";
    SET_PERSON = "UPDATE registry_persons SET household = $2, relation = $3, sex = $4, birth_on = $5, schooling = $6, \
        health = $7, disability = $8, labour = $9, work = $10, sealed = $11 WHERE id = $1";
    INSERT_MEMBERSHIP = "INSERT INTO registry_memberships (household, person) VALUES ($1, $2) \
        ON CONFLICT (household, person) DO NOTHING";
    EVER_MEMBER_OF = "SELECT household FROM registry_memberships WHERE person = $1 ORDER BY household";
    EVER_MEMBERS = "SELECT person FROM registry_memberships WHERE household = $1 ORDER BY person";
    MEMBERS = "SELECT p.*, k.wrapped FROM registry_persons p LEFT JOIN registry_keys k ON k.person = p.id \
        WHERE p.household = $1 ORDER BY p.id";
    PERSON_PLACE = "SELECT h.place_code, m.household FROM registry_memberships m JOIN registry_households h ON h.id = m.household \
        LEFT JOIN registry_persons p ON p.id = m.person \
        WHERE m.person = $1 ORDER BY CASE WHEN p.household = m.household THEN 0 ELSE 1 END, m.household LIMIT 1";

    KEY = "SELECT wrapped FROM registry_keys WHERE person = $1";
    INSERT_KEY = "INSERT INTO registry_keys (person, wrapped) VALUES ($1, $2)";
    SEALED_SUBMISSIONS = "SELECT instance_id AS id, instance_id AS owner, sealed FROM registry_submissions \
        WHERE instance_id > $1 ORDER BY instance_id LIMIT $2";
    PUT_SUBMISSIONS = "UPDATE registry_submissions SET sealed = $2 WHERE instance_id = $1";
    SEALED_REFUSALS = "SELECT instance_id AS id, instance_id AS owner, refused AS sealed FROM registry_submissions \
        WHERE instance_id > $1 AND refused IS NOT NULL ORDER BY instance_id LIMIT $2";
    PUT_REFUSALS = "UPDATE registry_submissions SET refused = $2 WHERE instance_id = $1";
    SEALED_FILES = "SELECT document AS id, document AS owner, wrapped AS sealed FROM registry_submission_files \
        WHERE document > $1 ORDER BY document LIMIT $2";
    PUT_FILES = "UPDATE registry_submission_files SET wrapped = $2 WHERE document = $1";
    SEALED_KEYS = "SELECT person AS id, person AS owner, wrapped AS sealed FROM registry_keys \
        WHERE person > $1 ORDER BY person LIMIT $2";
    PUT_KEYS = "UPDATE registry_keys SET wrapped = $2 WHERE person = $1";
    CLEAR_KEY = "DELETE FROM registry_keys WHERE person = $1";
    SET_ERASED = "UPDATE registry_persons SET sealed = NULL, erased_on = $2 WHERE id = $1";
    CLEAR_MARKS = "DELETE FROM registry_marks WHERE person = $1";
    INSERT_MARK = "INSERT INTO registry_marks (mark, person) VALUES ($1, $2) ON CONFLICT (mark, person) DO NOTHING";
    MARKED = "SELECT p.*, k.wrapped, h.place_code, h.status FROM registry_marks m JOIN registry_persons p ON p.id = m.person \
        JOIN registry_households h ON h.id = p.household JOIN registry_keys k ON k.person = p.id \
        WHERE m.mark = $1 AND h.place_code BETWEEN $2 AND $3 ORDER BY m.person LIMIT $4";
    MARKED_ANYWHERE = "SELECT person FROM registry_marks WHERE mark = $1 AND person <> $2 ORDER BY person LIMIT 20";

    FIRST_SAID = "SELECT MIN(since_on) AS since_on FROM registry_statements WHERE subject = $1";
    SET_SAME_PERSON = "INSERT INTO registry_same_persons (kept, gone, stands) VALUES ($1, $2, $3) \
        ON CONFLICT (kept, gone) DO UPDATE SET stands = excluded.stands";
    EVER_SAME = "SELECT gone FROM registry_same_persons WHERE kept = $1 ORDER BY gone";
    ABSORBED = "SELECT p.*, k.wrapped FROM registry_same_persons s JOIN registry_persons p ON p.id = s.gone \
        LEFT JOIN registry_keys k ON k.person = p.id WHERE s.kept = $1 AND s.stands = 1 ORDER BY p.id";
    KEPT_INSTEAD = "SELECT kept FROM registry_same_persons WHERE gone = $1 AND stands = 1";
    SET_SAME_HOUSEHOLD = "INSERT INTO registry_same_households (gone, kept) VALUES ($1, $2)";
    CLEAR_SAME_HOUSEHOLD = "DELETE FROM registry_same_households WHERE gone = $1";
    LIVING_IN = "SELECT COUNT(*) AS members FROM registry_persons WHERE household = $1";

    MARKED_ALIKE = "SELECT person FROM registry_marks WHERE mark = $1 AND person <> $2 ORDER BY person LIMIT 200";
    BORN_THERE = "SELECT p.id AS person FROM registry_persons p JOIN registry_households h ON h.id = p.household \
        WHERE p.birth_on = $1 AND h.place_code = $2 AND p.id <> $3 ORDER BY p.id LIMIT 200";
    OPEN_PARTNERS = "SELECT other AS person FROM registry_pairs WHERE one = $1 AND state = 'open' \
        UNION ALL SELECT one AS person FROM registry_pairs WHERE other = $1 AND state = 'open'";
    PAIR = "SELECT * FROM registry_pairs WHERE one = $1 AND other = $2";
    INSERT_PAIR = "INSERT INTO registry_pairs (one, other, millibits, ppm, parts, state, found_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    WEIGH_PAIR = "UPDATE registry_pairs SET millibits = $3, ppm = $4, parts = $5, state = $6 WHERE one = $1 AND other = $2";
    DECIDE_PAIR = "UPDATE registry_pairs SET state = $3, decided_on = $4, decided_by = $5, reason = $6, document = $7 \
        WHERE one = $1 AND other = $2";
    PAIRS_AT = "SELECT q.* FROM registry_pairs q JOIN registry_persons a ON a.id = q.one \
        JOIN registry_households ah ON ah.id = a.household JOIN registry_persons b ON b.id = q.other \
        JOIN registry_households bh ON bh.id = b.household WHERE q.state = 'open' \
        AND (ah.place_code BETWEEN $1 AND $2 OR bh.place_code BETWEEN $1 AND $2) \
        ORDER BY q.millibits DESC, q.one, q.other LIMIT $3";
    PAIRS_OF = "SELECT * FROM registry_pairs WHERE one = $1 OR other = $1 ORDER BY millibits DESC, one, other";
    PERSONS_AFTER = "SELECT p.*, k.wrapped FROM registry_persons p JOIN registry_keys k ON k.person = p.id \
        WHERE p.id > $1 AND p.household IS NOT NULL ORDER BY p.id LIMIT $2";
    IN_QUESTION = "SELECT m.person FROM registry_marks m JOIN registry_persons p ON p.id = m.person \
        WHERE m.mark = $1 AND p.household IS NOT NULL AND EXISTS (SELECT 1 FROM registry_pairs q JOIN registry_persons o \
        ON o.id = CASE WHEN q.one = m.person THEN q.other ELSE q.one END WHERE (q.one = m.person OR q.other = m.person) \
        AND q.state = 'open' AND o.household IS NOT NULL) ORDER BY m.person LIMIT 1";

    INSERT_CONSENT = "INSERT INTO registry_consents (person, purpose, since_on, given, document) VALUES ($1, $2, $3, $4, $5)";
    CONSENTS = "SELECT * FROM registry_consents WHERE person = $1 ORDER BY purpose, since_on";

    INSERT_RUN = "INSERT INTO registry_runs (key, kind, place_code, opened_on, due_on, rules_version, year, line_fen, \
        screened_to, screened) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0)";
    INSERT_RUN_STEP = "INSERT INTO registry_run_steps (run, step, due_on) VALUES ($1, $2, $3)";
    RUN = "SELECT * FROM registry_runs WHERE key = $1";
    RUN_STEPS = "SELECT * FROM registry_run_steps WHERE run = $1 ORDER BY due_on, step";
    RUNS = "SELECT * FROM registry_runs ORDER BY opened_on DESC, key LIMIT $1";
    RUNS_OPEN = "SELECT * FROM registry_runs WHERE place_code = $1 AND kind = $2 AND closed_on IS NULL \
        ORDER BY opened_on DESC, key";
    RUN_STATES = "SELECT state, COUNT(*) AS cases FROM registry_cases WHERE run = $1 \
        AND place_code BETWEEN $2 AND $3 GROUP BY state ORDER BY state";
    RUN_OPEN_CASES = "SELECT COUNT(*) AS cases FROM registry_cases WHERE run = $1 \
        AND state NOT IN ('refused', 'announced', 'withdrawn', 'turned_down')";
    RUN_HOLDS = "SELECT holds, COUNT(*) AS households FROM registry_screenings \
        WHERE run = $1 AND place_code BETWEEN $2 AND $3 GROUP BY holds";
    RUN_WITHOUT_CASE = "SELECT COUNT(*) AS households FROM registry_screenings s \
        WHERE s.run = $1 AND s.holds = 1 AND s.place_code BETWEEN $2 AND $3 \
        AND s.household NOT IN (SELECT c.household FROM registry_cases c WHERE c.run = $1)";
    RUN_CASES_IN = "SELECT * FROM registry_cases WHERE run = $1 AND state = $2 AND place_code BETWEEN $3 AND $4 \
        ORDER BY COALESCE(notice_until, changed_on), id LIMIT $5";
    RUN_EXCEPTIONS = "SELECT * FROM (SELECT c.*, s.holds, (SELECT COUNT(*) FROM registry_objections o \
        WHERE o.case_id = c.id AND o.upheld IS NULL) AS open FROM registry_cases c LEFT JOIN registry_screenings s \
        ON s.run = c.run AND s.household = c.household WHERE c.run = $1 AND c.place_code BETWEEN $2 AND $3) x \
        WHERE x.open > 0 OR (x.holds = 1 AND x.state IN ('turned_down', 'refused', 'withdrawn')) \
        OR (COALESCE(x.holds, 0) = 0 AND x.state NOT IN ('turned_down', 'refused', 'withdrawn', 'announced')) \
        ORDER BY COALESCE(x.notice_until, x.changed_on), x.id LIMIT $4";
    CLOSE_RUN = "UPDATE registry_runs SET closed_on = $2 WHERE key = $1 AND closed_on IS NULL";
    SCREENED_TO = "UPDATE registry_runs SET screened_to = $2, screened = $3 WHERE key = $1";
    MOVE_SCREENINGS = "UPDATE registry_screenings SET place_code = $2 WHERE household = $1 \
        AND place_code = (SELECT place_code FROM registry_households WHERE id = $1) \
        AND run IN (SELECT key FROM registry_runs WHERE screened = 0)";
    SCREENED = "SELECT s.household, s.place_code, s.reasons, h.status, c.id AS case_id, c.state \
        FROM registry_screenings s JOIN registry_households h ON h.id = s.household \
        LEFT JOIN registry_cases c ON c.id = (SELECT MAX(n.id) FROM registry_cases n \
        WHERE n.run = s.run AND n.household = s.household) \
        WHERE s.run = $1 AND COALESCE(s.holds, 2) = $2 AND (s.place_code, s.household) > ($3, $4) \
        AND s.place_code BETWEEN $5 AND $6 ORDER BY s.place_code, s.household LIMIT $7";

    INSERT_CASE = "INSERT INTO registry_cases (id, household, kind, state, place_code, opened_on, changed_on, run) \
        VALUES ($1, $2, $3, 'applied', $4, $5, $5, $6)";
    CASE = "SELECT * FROM registry_cases WHERE id = $1";
    OPEN_CASE = "SELECT id FROM registry_cases WHERE household = $1 \
        AND state NOT IN ('refused', 'announced', 'withdrawn', 'turned_down')";
    CASES_OF = "SELECT * FROM registry_cases WHERE household = $1 ORDER BY opened_on DESC, id DESC";
    SET_CASE = "UPDATE registry_cases SET state = $2, changed_on = $3, notice_until = $4 WHERE id = $1";
    SET_REVIEWER = "UPDATE registry_cases SET reviewed_by = $2 WHERE id = $1";
    SET_DECIDER = "UPDATE registry_cases SET decided_by = $2 WHERE id = $1";
    INSERT_STEP = "INSERT INTO registry_case_steps (case_id, step_no, act, on_day, said, document, done_by) \
        VALUES ($1, (SELECT COALESCE(MAX(step_no), 0) + 1 FROM registry_case_steps WHERE case_id = $1), \
        $2, $3, $4, $5, $6)";
    STEPS = "SELECT * FROM registry_case_steps WHERE case_id = $1 ORDER BY step_no";
    STEP_HANDS = "SELECT done_by FROM registry_case_steps WHERE case_id = $1";
    INSERT_OBJECTION = "INSERT INTO registry_objections (key, case_id, seeks, on_day, text, document, taken_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OBJECTION = "SELECT * FROM registry_objections WHERE key = $1";
    OBJECTION_PLACE = "SELECT c.place_code FROM registry_objections o JOIN registry_cases c ON c.id = o.case_id \
        WHERE o.key = $1";
    OBJECTIONS = "SELECT * FROM registry_objections WHERE case_id = $1 ORDER BY on_day, key";
    OPEN_OBJECTIONS = "SELECT COUNT(*) AS open FROM registry_objections WHERE case_id = $1 AND upheld IS NULL";
    ANSWER_OBJECTION = "UPDATE registry_objections SET upheld = $2, answered_on = $3, answer = $4, answered_by = $5 \
        WHERE key = $1 AND upheld IS NULL";
    INSERT_DECISION = "INSERT INTO registry_decisions (case_id, household, decided_on, known_statement, rules_version, \
        granted, verdict) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DECISION = "SELECT * FROM registry_decisions WHERE case_id = $1";
    DECISION_PAGE = "SELECT * FROM registry_decisions WHERE case_id > $1 ORDER BY case_id LIMIT $2";

    HOUSEHOLD_PAGE = "SELECT h.id, h.place_code, h.land_milli_mu, h.unmet, h.unseen, h.exclusions, i.net_fen, \
        COUNT(p.id) AS members, \
        CAST(SUM(CASE WHEN p.labour IN ('able', 'skilled') THEN 1 ELSE 0 END) AS BIGINT) AS labour, \
        CAST(SUM(CASE WHEN p.schooling IN ('at-kindergarten', 'at-school', 'at-high-school') THEN 1 ELSE 0 END) \
        AS BIGINT) AS students, \
        CAST(SUM(CASE WHEN p.disability > 0 THEN 1 ELSE 0 END) AS BIGINT) AS disabled, \
        CAST(SUM(CASE WHEN p.health IN ('chronic', 'serious') THEN 1 ELSE 0 END) AS BIGINT) AS ill \
        FROM (SELECT * FROM registry_households WHERE (place_code, id) > ($1, $2) AND place_code <= $3 AND status = $4 \
        AND NOT EXISTS (SELECT 1 FROM registry_same_households x WHERE x.gone = registry_households.id) \
        ORDER BY place_code, id LIMIT $5) h \
        LEFT JOIN registry_incomes i ON i.household = h.id AND i.year = $6 \
        LEFT JOIN registry_persons p ON p.household = h.id \
        GROUP BY h.id, h.place_code, h.land_milli_mu, h.unmet, h.unseen, h.exclusions, i.net_fen \
        ORDER BY h.place_code, h.id";

    COUNTS = "SELECT h.place_code, h.status, COUNT(*) AS households FROM registry_households h \
        WHERE h.place_code BETWEEN $1 AND $2 \
        AND NOT EXISTS (SELECT 1 FROM registry_same_households x WHERE x.gone = h.id) GROUP BY h.place_code, h.status ORDER BY h.place_code, h.status";
    CAUSES = "SELECT causes, COUNT(*) AS households FROM registry_households \
        WHERE place_code BETWEEN $1 AND $2 AND status = 'poor' \
        AND NOT EXISTS (SELECT 1 FROM registry_same_households x WHERE x.gone = registry_households.id) GROUP BY causes ORDER BY causes";
    CASES_AT = "SELECT * FROM registry_cases WHERE place_code BETWEEN $1 AND $2 \
        AND state NOT IN ('refused', 'announced', 'withdrawn', 'turned_down') \
        ORDER BY COALESCE(notice_until, changed_on), id LIMIT $3";
    NOTICES = "SELECT c.*, p.id AS head, p.sealed, k.wrapped, \
        (SELECT COUNT(*) FROM registry_persons m WHERE m.household = c.household) AS members FROM registry_cases c \
        LEFT JOIN registry_persons p ON p.id = (SELECT MAX(h.id) FROM registry_persons h \
        WHERE h.household = c.household AND h.relation = 'head') LEFT JOIN registry_keys k ON k.person = p.id \
        WHERE c.state IN ('first_notice', 'second_notice') AND c.notice_until >= $1 \
        AND c.place_code BETWEEN $2 AND $3 ORDER BY c.notice_until, c.id LIMIT $4";
    ENDING_AT = "SELECT * FROM registry_cases WHERE place_code BETWEEN $1 AND $2 \
        AND state IN ('first_notice', 'second_notice') AND notice_until >= $3 ORDER BY notice_until, id LIMIT $4";
    EXCEPTIONS_AT = "SELECT * FROM (SELECT c.*, (SELECT COUNT(*) FROM registry_objections o WHERE o.case_id = c.id \
        AND o.upheld IS NULL) AS open FROM registry_cases c WHERE c.place_code BETWEEN $1 AND $2 \
        AND c.state IN ('turned_down', 'first_notice', 'second_notice')) x \
        WHERE x.open > 0 OR (x.state <> 'turned_down' AND x.notice_until < $3) \
        ORDER BY COALESCE(x.notice_until, x.changed_on), x.id LIMIT $4";
    YEARS = "SELECT SUBSTR(s.since_on, 1, 4) AS year, s.status, COUNT(DISTINCT s.household) AS households \
        FROM registry_statuses s JOIN registry_households h ON h.id = s.household \
        WHERE h.place_code BETWEEN $1 AND $2 AND s.status <> 'registered' \
        GROUP BY SUBSTR(s.since_on, 1, 4), s.status ORDER BY 1, 2";
    WATCHED = "SELECT h.id, h.place_code, i.net_fen, (SELECT COUNT(*) FROM registry_persons p WHERE p.household = h.id) \
        AS members FROM registry_households h LEFT JOIN registry_incomes i ON i.household = h.id AND i.year = $3 \
        WHERE h.place_code BETWEEN $1 AND $2 AND h.status = 'exited' \
        AND NOT EXISTS (SELECT 1 FROM registry_same_households x WHERE x.gone = h.id) ORDER BY h.id";

    SUBMISSION = "SELECT content_mark FROM registry_submissions WHERE instance_id = $1";
    INSERT_SUBMISSION = "INSERT INTO registry_submissions (instance_id, household, form_id, form_version, content_mark, \
        sealed, refused, place_code, received_at, received_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SET_SUBMISSION_ASIDE = "UPDATE registry_submissions SET set_aside_at = $2 WHERE instance_id = $1";
    SUBMISSION_OF_HOUSEHOLD = "SELECT s.*, CAST(CASE WHEN h.id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_made FROM registry_submissions s \
        LEFT JOIN registry_households h ON h.id = s.household WHERE s.household = $1";
    SUBMISSIONS_AT = "SELECT s.*, CAST(CASE WHEN h.id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_made FROM registry_submissions s \
        LEFT JOIN registry_households h ON h.id = s.household WHERE s.place_code BETWEEN $1 AND $2 \
        ORDER BY CASE WHEN s.refused IS NOT NULL AND s.set_aside_at IS NULL AND h.id IS NULL THEN 0 ELSE 1 END, \
        s.received_at DESC, s.instance_id LIMIT $3";
    SUBMISSION_FILES = "SELECT name FROM registry_submission_files WHERE instance_id = $1 ORDER BY name";
    INSERT_SUBMISSION_FILE = "INSERT INTO registry_submission_files (instance_id, name, document, wrapped, \
        received_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (instance_id, name) DO NOTHING";
}

many_statements! { MANY:
    KEEP_SCREENINGS = Rows "TITIT" "INSERT INTO registry_screenings (run, place_code, household, holds, reasons)",
        " ON CONFLICT (run, place_code, household) DO UPDATE SET holds = excluded.holds, reasons = excluded.reasons";
}

/// The statements on the registry, for the test that prepares each on both databases: those of one length, and those of many
/// rows in each of their lengths.
pub const STATEMENTS: &[&[&str]] = &[SINGLE, MANY];
