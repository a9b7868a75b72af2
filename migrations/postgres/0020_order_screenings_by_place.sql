-- A run screens village by village, so what it keeps of each household is kept in that order: rows go behind one another,
-- not all over the table. A household that moves before its run is at the end takes its row along.

ALTER TABLE registry_screenings ADD COLUMN IF NOT EXISTS place_code BIGINT;
UPDATE registry_screenings SET place_code = (SELECT h.place_code FROM registry_households h
  WHERE h.id = registry_screenings.household) WHERE place_code IS NULL;
ALTER TABLE registry_screenings ALTER COLUMN place_code SET NOT NULL;
ALTER TABLE registry_screenings DROP CONSTRAINT IF EXISTS registry_screenings_pkey;
ALTER TABLE registry_screenings ADD CONSTRAINT registry_screenings_pkey PRIMARY KEY (run, place_code, household);
