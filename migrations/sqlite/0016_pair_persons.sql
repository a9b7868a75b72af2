-- Who may be written down twice, and who was found to be. A pair is found when a person is written down, or by a run over all;
-- someone decides it, and what was decided can be taken back.

CREATE TABLE IF NOT EXISTS registry_pairs (
  one        TEXT    NOT NULL REFERENCES registry_persons (id),
  other      TEXT    NOT NULL REFERENCES registry_persons (id),
  millibits  INTEGER NOT NULL,
  ppm        INTEGER NOT NULL CHECK (ppm BETWEEN 0 AND 1000000),
  parts      TEXT    NOT NULL CHECK (parts <> ''),
  state      TEXT    NOT NULL CHECK (state IN ('open', 'unlike', 'same', 'different')),
  found_at   INTEGER NOT NULL,
  decided_on TEXT    CHECK (length(decided_on) = 10),
  decided_by TEXT,
  reason     TEXT,
  document   TEXT    CHECK (length(document) = 64),
  PRIMARY KEY (one, other),
  CHECK (one < other),
  CHECK (decided_by IS NOT NULL OR state IN ('open', 'unlike'))
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS registry_pairs_by_other ON registry_pairs (other);

CREATE INDEX IF NOT EXISTS registry_pairs_open ON registry_pairs (millibits) WHERE state = 'open';

-- Who was ever taken for the same person, and whether that stands. The statement says since which number it is known.
CREATE TABLE IF NOT EXISTS registry_same_persons (
  kept   TEXT    NOT NULL REFERENCES registry_persons (id),
  gone   TEXT    NOT NULL REFERENCES registry_persons (id),
  stands INTEGER NOT NULL CHECK (stands IN (0, 1)),
  PRIMARY KEY (kept, gone),
  CHECK (kept <> gone)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS registry_same_persons_one ON registry_same_persons (gone) WHERE stands = 1;

-- Households of which nobody is left because all of them were found to live in another one: they are not counted.
CREATE TABLE IF NOT EXISTS registry_same_households (
  gone TEXT PRIMARY KEY REFERENCES registry_households (id),
  kept TEXT NOT NULL REFERENCES registry_households (id),
  CHECK (kept <> gone)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS registry_persons_by_birth ON registry_persons (birth_on);
