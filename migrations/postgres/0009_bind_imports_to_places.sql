-- An import and an upload know for which places they may bring lines: `*` for the whole country, else place codes with
-- commas between them. A file that a county handed in may come again for the whole country, so the places belong to what
-- makes an import the same.

ALTER TABLE sales_imports ADD COLUMN IF NOT EXISTS places TEXT NOT NULL DEFAULT '*' CHECK (places <> '');
ALTER TABLE sales_imports DROP CONSTRAINT IF EXISTS sales_imports_channel_layout_file_sha256_key;
ALTER TABLE sales_imports DROP CONSTRAINT IF EXISTS sales_imports_same_file_for_places;
ALTER TABLE sales_imports
  ADD CONSTRAINT sales_imports_same_file_for_places UNIQUE (channel, layout, file_sha256, places);
ALTER TABLE sales_uploads ADD COLUMN IF NOT EXISTS places TEXT NOT NULL DEFAULT '*' CHECK (places <> '');
