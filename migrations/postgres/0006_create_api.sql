-- Answers to writes of the API that named an Idempotency-Key, so that a request sent twice is carried out once. A row
-- without a status belongs to a request that is still being answered. Rows live a day.

CREATE TABLE IF NOT EXISTS api_answers (
  user_id     TEXT COLLATE "C"   NOT NULL REFERENCES users (id),
  request_key TEXT COLLATE "C"   NOT NULL CHECK (length(request_key) BETWEEN 1 AND 200),
  fingerprint TEXT   NOT NULL CHECK (length(fingerprint) = 64),
  status      BIGINT,
  body        TEXT,
  made_at     BIGINT NOT NULL,
  PRIMARY KEY (user_id, request_key),
  CHECK ((status IS NULL) = (body IS NULL))
);

CREATE INDEX IF NOT EXISTS api_answers_by_age ON api_answers (made_at);
