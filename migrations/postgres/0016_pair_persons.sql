-- Who may be written down twice, and who was found to be. A pair is found when a person is written down, or by a run over all;
-- someone decides it, and what was decided can be taken back.

CREATE TABLE IF NOT EXISTS registry_pairs (
  one        TEXT COLLATE "C" NOT NULL REFERENCES registry_persons (id),
  other      TEXT COLLATE "C" NOT NULL REFERENCES registry_persons (id),
  millibits  BIGINT NOT NULL,
  ppm        BIGINT NOT NULL CHECK (ppm BETWEEN 0 AND 1000000),
  parts      TEXT COLLATE "C" NOT NULL CHECK (parts <> ''),
  state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'unlike', 'same', 'different')),
  found_at   BIGINT NOT NULL,
  decided_on TEXT COLLATE "C" CHECK (length(decided_on) = 10),
  decided_by TEXT COLLATE "C",
  reason     TEXT COLLATE "C",
  document   TEXT COLLATE "C" CHECK (length(document) = 64),
  PRIMARY KEY (one, other),
  CHECK (one < other),
  CHECK (decided_by IS NOT NULL OR state IN ('open', 'unlike'))
);

CREATE INDEX IF NOT EXISTS registry_pairs_by_other ON registry_pairs (other);

CREATE INDEX IF NOT EXISTS registry_pairs_open ON registry_pairs (millibits) WHERE state = 'open';

-- Who was ever taken for the same person, and whether that stands. The statement says since which number it is known.
CREATE TABLE IF NOT EXISTS registry_same_persons (
  kept   TEXT COLLATE "C" NOT NULL REFERENCES registry_persons (id),
  gone   TEXT COLLATE "C" NOT NULL REFERENCES registry_persons (id),
  stands BIGINT NOT NULL CHECK (stands IN (0, 1)),
  PRIMARY KEY (kept, gone),
  CHECK (kept <> gone)
);

CREATE UNIQUE INDEX IF NOT EXISTS registry_same_persons_one ON registry_same_persons (gone) WHERE stands = 1;

-- Households of which nobody is left because all of them were found to live in another one: they are not counted.
CREATE TABLE IF NOT EXISTS registry_same_households (
  gone TEXT COLLATE "C" PRIMARY KEY REFERENCES registry_households (id),
  kept TEXT COLLATE "C" NOT NULL REFERENCES registry_households (id),
  CHECK (kept <> gone)
);

CREATE INDEX IF NOT EXISTS registry_persons_by_birth ON registry_persons (birth_on);
