-- What a finished job found, as JSON, where it has something to say.
CREATE TABLE IF NOT EXISTS job_results (
  job_id TEXT PRIMARY KEY REFERENCES jobs (id),
  result TEXT NOT NULL
) STRICT;
