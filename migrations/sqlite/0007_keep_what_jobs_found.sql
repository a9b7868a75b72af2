-- What a finished job found, as JSON, where it has something to say.
ALTER TABLE jobs ADD COLUMN result TEXT;
