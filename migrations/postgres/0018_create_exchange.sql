-- The exchange with other systems by the DCI social registry interface: who they are, what they asked, what they are told of.

-- A partner: a system whose messages are heard because its key signed them. What it may see is its rights at its place.
CREATE TABLE IF NOT EXISTS dci_partners (
  sender_id   TEXT COLLATE "C"    PRIMARY KEY CHECK (sender_id <> ''),
  receiver_id TEXT    NOT NULL CHECK (receiver_id <> ''),
  public_key  TEXT    NOT NULL CHECK (length(public_key) = 64),
  rights      TEXT    NOT NULL CHECK (rights <> ''),
  place_code  BIGINT,
  purpose     TEXT    CHECK (purpose <> ''),
  callback    TEXT    CHECK (callback <> ''),
  webhook_id  TEXT COLLATE "C"    REFERENCES webhook_subscriptions (id),
  made_at     BIGINT NOT NULL,
  made_by     TEXT    NOT NULL,
  removed_at  BIGINT,
  removed_by  TEXT,
  CHECK ((callback IS NULL) = (webhook_id IS NULL)),
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);

-- A message of a partner, heard once. What it asked and what was answered names persons, so both are sealed, and the row goes
-- when its signature has long ended.
CREATE TABLE IF NOT EXISTS dci_messages (
  id             TEXT COLLATE "C"    PRIMARY KEY CHECK (length(id) = 36),
  sender_id      TEXT COLLATE "C"    NOT NULL REFERENCES dci_partners (sender_id),
  message_id     TEXT COLLATE "C"    NOT NULL,
  content_mark   TEXT    NOT NULL CHECK (length(content_mark) = 64),
  action         TEXT    NOT NULL CHECK (action <> ''),
  transaction_id TEXT COLLATE "C"    NOT NULL,
  sealed_request TEXT    CHECK (sealed_request <> ''),
  sealed_answer  TEXT    CHECK (sealed_answer <> ''),
  received_at    BIGINT NOT NULL,
  UNIQUE (sender_id, message_id)
);

CREATE INDEX IF NOT EXISTS dci_messages_by_transaction ON dci_messages (sender_id, transaction_id);

CREATE INDEX IF NOT EXISTS dci_messages_by_age ON dci_messages (received_at);

-- The requests of a message, by what the partner knows each.
CREATE TABLE IF NOT EXISTS dci_references (
  message      TEXT COLLATE "C" NOT NULL REFERENCES dci_messages (id),
  reference_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (message, reference_id)
);

CREATE INDEX IF NOT EXISTS dci_references_by_id ON dci_references (reference_id);

-- What a partner is told of, at a place and below.
CREATE TABLE IF NOT EXISTS dci_subscriptions (
  code        TEXT COLLATE "C"    PRIMARY KEY CHECK (length(code) = 36),
  sender_id   TEXT COLLATE "C"    NOT NULL REFERENCES dci_partners (sender_id),
  event       TEXT    NOT NULL CHECK (event <> ''),
  record_type TEXT    NOT NULL CHECK (record_type IN ('Group', 'Member', 'Person')),
  place_code  BIGINT,
  starts_at   BIGINT NOT NULL,
  ends_at     BIGINT,
  made_at     BIGINT NOT NULL,
  ended_at    BIGINT
);

CREATE INDEX IF NOT EXISTS dci_subscriptions_by_sender ON dci_subscriptions (sender_id, code);

-- The fact up to which partners were told.
CREATE TABLE IF NOT EXISTS dci_cursor (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL CHECK (seq >= 0)
);
