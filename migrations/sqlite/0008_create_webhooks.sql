-- Webhooks: who is told what by a request of ours. The journal is the outbox: deliveries are made from its facts in the
-- order in which they were recorded, up to the fact that webhook_cursor names. A secret is kept encrypted.

CREATE TABLE IF NOT EXISTS webhook_subscriptions (
  id            TEXT    PRIMARY KEY,
  url           TEXT    NOT NULL CHECK (url <> ''),
  events        TEXT    NOT NULL CHECK (events <> ''),
  sealed_secret TEXT    NOT NULL CHECK (sealed_secret <> ''),
  made_at       INTEGER NOT NULL,
  made_by       TEXT    NOT NULL,
  failing_since INTEGER,
  disabled_at   INTEGER,
  removed_at    INTEGER,
  removed_by    TEXT,
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
) STRICT;

-- One message to one subscription. The message keeps its id over all tries and subscriptions.
CREATE TABLE IF NOT EXISTS webhook_deliveries (
  id              TEXT    PRIMARY KEY,
  subscription_id TEXT    NOT NULL REFERENCES webhook_subscriptions (id),
  message_id      TEXT    NOT NULL,
  event           TEXT    NOT NULL CHECK (event <> ''),
  body            TEXT    NOT NULL,
  made_at         INTEGER NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  ended_at        INTEGER,
  UNIQUE (subscription_id, message_id),
  CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT;

-- One try. The answer's status, or the code of what went wrong before there was one.
CREATE TABLE IF NOT EXISTS webhook_attempts (
  delivery_id TEXT    NOT NULL REFERENCES webhook_deliveries (id),
  attempt     INTEGER NOT NULL CHECK (attempt > 0),
  tried_at    INTEGER NOT NULL,
  took_ms     INTEGER NOT NULL CHECK (took_ms >= 0),
  status      INTEGER,
  error_code  TEXT,
  PRIMARY KEY (delivery_id, attempt),
  CHECK (status IS NOT NULL OR error_code IS NOT NULL)
) STRICT;

-- The fact up to which deliveries were made.
CREATE TABLE IF NOT EXISTS webhook_cursor (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL CHECK (seq >= 0)
) STRICT;
