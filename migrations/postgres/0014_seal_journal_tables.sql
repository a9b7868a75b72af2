-- Journal tables as they were sealed for figures: the file of a table and a period by its hash. The newest seal counts; the
-- earlier ones stay, because published reports name them.

CREATE TABLE IF NOT EXISTS lake_sealed_tables (
  period    TEXT COLLATE "C"    NOT NULL CHECK (period <> ''),
  name      TEXT COLLATE "C"    NOT NULL CHECK (name <> ''),
  seal_no   BIGINT NOT NULL CHECK (seal_no > 0),
  sha256    TEXT COLLATE "C"    NOT NULL CHECK (length(sha256) = 64),
  rows      BIGINT NOT NULL CHECK (rows >= 0),
  sealed_at BIGINT NOT NULL,
  sealed_by TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (period, name, seal_no)
);
