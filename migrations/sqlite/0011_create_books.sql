-- The books: accounts, entries of two or more legs, holds, closed periods. Amounts are whole fen; a debit is positive, a
-- credit negative. Entries and legs are written once: a wrong one is answered by a reversal. Balances are sums kept
-- beside the legs, which `fishpond check` adds up again.

CREATE TABLE IF NOT EXISTS book_accounts (
  no          INTEGER PRIMARY KEY CHECK (no > 0),
  code        TEXT    NOT NULL UNIQUE CHECK (code <> ''),
  owner_kind  TEXT    NOT NULL CHECK (owner_kind IN
    ('fund', 'pillar', 'project', 'county', 'household', 'channel', 'lender', 'insurer', 'bank')),
  owner_id    TEXT    NOT NULL CHECK (owner_id <> ''),
  name_zh     TEXT    NOT NULL,
  name_en     TEXT    NOT NULL,
  floor       INTEGER NOT NULL CHECK (floor IN (0, 1)),
  opened_at   INTEGER NOT NULL,
  opened_by   TEXT    NOT NULL,
  closed_at   INTEGER,
  closed_by   TEXT,
  CHECK ((closed_at IS NULL) = (closed_by IS NULL))
) STRICT;

CREATE INDEX IF NOT EXISTS book_accounts_by_owner ON book_accounts (owner_kind, owner_id, code);

-- What the posted legs of an account add up to, and what is held for legs to come.
CREATE TABLE IF NOT EXISTS book_balances (
  account_no      INTEGER PRIMARY KEY REFERENCES book_accounts (no),
  debit_fen       INTEGER NOT NULL CHECK (debit_fen >= 0),
  credit_fen      INTEGER NOT NULL CHECK (credit_fen >= 0),
  held_debit_fen  INTEGER NOT NULL CHECK (held_debit_fen >= 0),
  held_credit_fen INTEGER NOT NULL CHECK (held_credit_fen >= 0)
) STRICT;

-- Money reserved: it is posted in whole or in part, given up, or its time runs out.
CREATE TABLE IF NOT EXISTS book_holds (
  no         INTEGER PRIMARY KEY CHECK (no > 0),
  key        TEXT    NOT NULL UNIQUE CHECK (key <> ''),
  memo       TEXT    NOT NULL,
  evidence   TEXT    NOT NULL,
  expires_at INTEGER,
  held_at    INTEGER NOT NULL,
  held_by    TEXT    NOT NULL,
  sha256     TEXT    NOT NULL CHECK (length(sha256) = 64),
  fact_id    TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('held', 'posted', 'voided', 'expired')),
  ended_at   INTEGER,
  CHECK ((state = 'held') = (ended_at IS NULL))
) STRICT;

CREATE INDEX IF NOT EXISTS book_holds_due ON book_holds (expires_at) WHERE state = 'held' AND expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS book_hold_legs (
  hold_no    INTEGER NOT NULL REFERENCES book_holds (no),
  leg_no     INTEGER NOT NULL CHECK (leg_no > 0),
  account_no INTEGER NOT NULL REFERENCES book_accounts (no),
  amount_fen INTEGER NOT NULL CHECK (amount_fen <> 0),
  PRIMARY KEY (hold_no, leg_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS book_hold_legs_by_account ON book_hold_legs (account_no);

-- Entries are numbered without gaps in the order in which they were recorded.
CREATE TABLE IF NOT EXISTS book_entries (
  no           INTEGER PRIMARY KEY CHECK (no > 0),
  key          TEXT    NOT NULL UNIQUE CHECK (key <> ''),
  effective_on TEXT    NOT NULL CHECK (length(effective_on) = 10),
  recorded_at  INTEGER NOT NULL,
  recorded_by  TEXT    NOT NULL,
  memo         TEXT    NOT NULL,
  evidence     TEXT    NOT NULL,
  reverses     INTEGER REFERENCES book_entries (no),
  hold_no      INTEGER REFERENCES book_holds (no),
  sha256       TEXT    NOT NULL CHECK (length(sha256) = 64),
  fact_id      TEXT    NOT NULL
) STRICT;

-- An entry is reversed once, a hold is posted once.
CREATE UNIQUE INDEX IF NOT EXISTS book_entries_reversing ON book_entries (reverses) WHERE reverses IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS book_entries_of_hold ON book_entries (hold_no) WHERE hold_no IS NOT NULL;
CREATE INDEX IF NOT EXISTS book_entries_by_day ON book_entries (effective_on, no);

-- In the order of a statement: an account by day. An account stands once in an entry.
CREATE TABLE IF NOT EXISTS book_legs (
  account_no   INTEGER NOT NULL REFERENCES book_accounts (no),
  effective_on TEXT    NOT NULL,
  entry_no     INTEGER NOT NULL REFERENCES book_entries (no),
  leg_no       INTEGER NOT NULL CHECK (leg_no > 0),
  amount_fen   INTEGER NOT NULL CHECK (amount_fen <> 0),
  PRIMARY KEY (account_no, effective_on, entry_no)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS book_legs_by_entry ON book_legs (entry_no, leg_no);

-- A closed period and its seal: a hash over its entries and the seal before it.
CREATE TABLE IF NOT EXISTS book_periods (
  period      TEXT    PRIMARY KEY,
  first_day   TEXT    NOT NULL CHECK (length(first_day) = 10),
  last_day    TEXT    NOT NULL UNIQUE CHECK (length(last_day) = 10),
  entries     INTEGER NOT NULL CHECK (entries >= 0),
  seal_sha256 TEXT    NOT NULL CHECK (length(seal_sha256) = 64),
  closed_at   INTEGER NOT NULL,
  closed_by   TEXT    NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS book_entries_refuse_update BEFORE UPDATE ON book_entries
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS book_entries_refuse_delete BEFORE DELETE ON book_entries
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

-- INSERT OR REPLACE would delete the old row without asking the trigger above.
CREATE TRIGGER IF NOT EXISTS book_entries_refuse_replace BEFORE INSERT ON book_entries
WHEN EXISTS (SELECT 1 FROM book_entries WHERE no = NEW.no)
  OR EXISTS (SELECT 1 FROM book_entries WHERE key = NEW.key)
  OR EXISTS (SELECT 1 FROM book_entries WHERE reverses = NEW.reverses)
  OR EXISTS (SELECT 1 FROM book_entries WHERE hold_no = NEW.hold_no)
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS book_legs_refuse_update BEFORE UPDATE ON book_legs
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS book_legs_refuse_delete BEFORE DELETE ON book_legs
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS book_legs_refuse_replace BEFORE INSERT ON book_legs
WHEN EXISTS (SELECT 1 FROM book_legs WHERE entry_no = NEW.entry_no AND leg_no = NEW.leg_no)
  OR EXISTS (SELECT 1 FROM book_legs
    WHERE account_no = NEW.account_no AND effective_on = NEW.effective_on AND entry_no = NEW.entry_no)
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS book_periods_refuse_update BEFORE UPDATE ON book_periods
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS book_periods_refuse_delete BEFORE DELETE ON book_periods
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS book_periods_refuse_replace BEFORE INSERT ON book_periods
WHEN EXISTS (SELECT 1 FROM book_periods WHERE period = NEW.period OR last_day = NEW.last_day)
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;
