-- Webhooks: who is told what by a request of ours. The journal is the outbox: deliveries are made from its facts in the
-- order in which they were recorded, up to the fact that webhook_cursor names. A secret is kept encrypted.

CREATE TABLE IF NOT EXISTS webhook_subscriptions (
  id            TEXT COLLATE "C"   PRIMARY KEY,
  url           TEXT    NOT NULL CHECK (url <> ''),
  events        TEXT    NOT NULL CHECK (events <> ''),
  sealed_secret TEXT    NOT NULL CHECK (sealed_secret <> ''),
  made_at       BIGINT NOT NULL,
  made_by       TEXT    NOT NULL,
  failing_since BIGINT,
  disabled_at   BIGINT,
  removed_at    BIGINT,
  removed_by    TEXT,
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);

-- One message to one subscription. The message keeps its id over all tries and subscriptions.
CREATE TABLE IF NOT EXISTS webhook_deliveries (
  id              TEXT COLLATE "C"   PRIMARY KEY,
  subscription_id TEXT COLLATE "C"   NOT NULL REFERENCES webhook_subscriptions (id),
  message_id      TEXT COLLATE "C"   NOT NULL,
  event           TEXT    NOT NULL CHECK (event <> ''),
  body            TEXT    NOT NULL,
  made_at         BIGINT NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  ended_at        BIGINT,
  UNIQUE (subscription_id, message_id),
  CHECK ((state = 'waiting') = (ended_at IS NULL))
);

-- One try. The answer's status, or the code of what went wrong before there was one.
CREATE TABLE IF NOT EXISTS webhook_attempts (
  delivery_id TEXT COLLATE "C"   NOT NULL REFERENCES webhook_deliveries (id),
  attempt     BIGINT NOT NULL CHECK (attempt > 0),
  tried_at    BIGINT NOT NULL,
  took_ms     BIGINT NOT NULL CHECK (took_ms >= 0),
  status      BIGINT,
  error_code  TEXT,
  PRIMARY KEY (delivery_id, attempt),
  CHECK (status IS NOT NULL OR error_code IS NOT NULL)
);

-- The fact up to which deliveries were made.
CREATE TABLE IF NOT EXISTS webhook_cursor (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL CHECK (seq >= 0)
);
