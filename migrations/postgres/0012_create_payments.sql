-- Payments out: batches, their lines, who approved them, the answers of banks and what each answer says of a line. Names
-- and account numbers of payees are kept encrypted beside a masked form; a mark (HMAC) finds a number without opening it.

CREATE TABLE IF NOT EXISTS payment_batches (
  id              TEXT COLLATE "C"    PRIMARY KEY,
  key             TEXT COLLATE "C"    NOT NULL UNIQUE CHECK (key <> ''),
  method          TEXT    NOT NULL CHECK (method IN ('bank', 'cash', 'agent')),
  place_code      BIGINT,
  source_account  TEXT    NOT NULL CHECK (source_account <> ''),
  execute_on      TEXT    NOT NULL CHECK (length(execute_on) = 10),
  payer_name      TEXT    NOT NULL CHECK (payer_name <> ''),
  payer_bank      TEXT,
  payer_sealed    TEXT,
  payer_masked    TEXT,
  payer_mark      TEXT,
  content_sha256  TEXT    NOT NULL CHECK (length(content_sha256) = 64),
  state           TEXT    NOT NULL CHECK (state IN ('draft', 'prepared', 'approved', 'out', 'cancelled')),
  made_at         BIGINT NOT NULL,
  made_by         TEXT    NOT NULL,
  prepared_at     BIGINT,
  prepared_by     TEXT,
  approved_at     BIGINT,
  out_at          BIGINT,
  out_by          TEXT,
  file_sha256     TEXT,
  cancelled_at    BIGINT,
  cancelled_by    TEXT,
  cancel_reason   TEXT,
  CHECK ((method = 'bank') = (payer_bank IS NOT NULL)),
  CHECK ((payer_bank IS NULL) = (payer_sealed IS NULL)),
  CHECK ((payer_bank IS NULL) = (payer_masked IS NULL)),
  CHECK ((payer_bank IS NULL) = (payer_mark IS NULL)),
  CHECK ((prepared_at IS NULL) = (prepared_by IS NULL)),
  CHECK ((out_at IS NULL) = (out_by IS NULL)),
  CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL)),
  CHECK (state <> 'draft' OR prepared_at IS NULL),
  CHECK ((state = 'out') = (out_at IS NOT NULL AND cancelled_at IS NULL)),
  CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
);

CREATE INDEX IF NOT EXISTS payment_batches_by_payer ON payment_batches (payer_mark);

-- One person's approval; the preparer has none.
CREATE TABLE IF NOT EXISTS payment_approvals (
  batch_id    TEXT COLLATE "C"    NOT NULL REFERENCES payment_batches (id),
  approved_by TEXT COLLATE "C"    NOT NULL,
  approved_at BIGINT NOT NULL,
  PRIMARY KEY (batch_id, approved_by)
);

-- What a line was paid and what came back is what its answers say; what of it stands in the books is kept beside it.
CREATE TABLE IF NOT EXISTS payment_lines (
  id              TEXT COLLATE "C"    PRIMARY KEY,
  batch_id        TEXT COLLATE "C"    NOT NULL REFERENCES payment_batches (id),
  line_no         BIGINT NOT NULL CHECK (line_no > 0),
  key             TEXT COLLATE "C"    NOT NULL CHECK (key <> ''),
  reference       TEXT COLLATE "C"    NOT NULL UNIQUE CHECK (length(reference) <= 35),
  payee_sealed    TEXT    NOT NULL CHECK (payee_sealed <> ''),
  payee_masked    TEXT    NOT NULL,
  bank_code       TEXT,
  account_sealed  TEXT,
  account_masked  TEXT,
  account_mark    TEXT,
  amount_fen      BIGINT NOT NULL CHECK (amount_fen > 0),
  purpose         TEXT    NOT NULL CHECK (purpose <> ''),
  remittance      TEXT    NOT NULL,
  book_account    TEXT    NOT NULL CHECK (book_account <> ''),
  content_sha256  TEXT    NOT NULL CHECK (length(content_sha256) = 64),
  state           TEXT    NOT NULL CHECK (state IN
    ('waiting', 'accepted', 'rejected', 'settled', 'partly', 'returned', 'cancelled')),
  trouble         TEXT,
  paid_fen        BIGINT NOT NULL CHECK (paid_fen >= 0),
  returned_fen    BIGINT NOT NULL CHECK (returned_fen >= 0),
  hold_key        TEXT,
  acts            BIGINT NOT NULL CHECK (acts >= 0),
  added_by        TEXT    NOT NULL,
  changed_at      BIGINT NOT NULL,
  UNIQUE (batch_id, key),
  UNIQUE (batch_id, line_no),
  CHECK (returned_fen <= paid_fen),
  CHECK ((bank_code IS NULL) = (account_sealed IS NULL)),
  CHECK ((bank_code IS NULL) = (account_masked IS NULL)),
  CHECK ((bank_code IS NULL) = (account_mark IS NULL))
);

CREATE INDEX IF NOT EXISTS payment_lines_by_account ON payment_lines (account_mark, amount_fen);

-- Files of banks that were taken in, whole.
CREATE TABLE IF NOT EXISTS payment_answers (
  sha256     TEXT COLLATE "C"    PRIMARY KEY CHECK (length(sha256) = 64),
  message    TEXT    NOT NULL CHECK (message <> ''),
  message_id TEXT    NOT NULL CHECK (message_id <> ''),
  said       BIGINT NOT NULL CHECK (said >= 0),
  taken_at   BIGINT NOT NULL,
  taken_by   TEXT    NOT NULL
);

-- One thing that was said about a payment: by a bank, or by a receipt. It is kept once, whichever files repeat it. One
-- that names no line of ours is open until a person gives it to a line or closes it.
CREATE TABLE IF NOT EXISTS payment_sayings (
  id             TEXT COLLATE "C"    PRIMARY KEY,
  said_sha256    TEXT COLLATE "C"    NOT NULL UNIQUE CHECK (length(said_sha256) = 64),
  file_sha256    TEXT    NOT NULL CHECK (length(file_sha256) = 64),
  source         TEXT    NOT NULL CHECK (source IN ('status', 'statement', 'notification', 'receipt')),
  says           TEXT    NOT NULL CHECK (says IN ('pending', 'accepted', 'rejected', 'settled', 'paid', 'returned', 'unknown')),
  code           TEXT,
  text           TEXT    NOT NULL,
  payer_mark     TEXT,
  reference      TEXT,
  account_mark   TEXT,
  account_masked TEXT,
  amount_fen     BIGINT CHECK (amount_fen >= 0),
  booked_on      TEXT,
  bank_reference TEXT,
  witness        TEXT,
  taken_at       BIGINT NOT NULL,
  line_id        TEXT COLLATE "C"    REFERENCES payment_lines (id),
  matched_by     TEXT    CHECK (matched_by IN ('reference', 'account', 'person')),
  trouble        TEXT,
  closed_at      BIGINT,
  closed_by      TEXT,
  closed_note    TEXT,
  CHECK ((line_id IS NULL) = (matched_by IS NULL)),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);

CREATE INDEX IF NOT EXISTS payment_sayings_by_line ON payment_sayings (line_id);
CREATE INDEX IF NOT EXISTS payment_sayings_by_account ON payment_sayings (account_mark, amount_fen);
CREATE INDEX IF NOT EXISTS payment_sayings_open ON payment_sayings (taken_at, id) WHERE line_id IS NULL AND closed_at IS NULL;
