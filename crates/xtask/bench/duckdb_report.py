"""Every figure of the programme over all order lines, with DuckDB: DATA FIGURES PLACES MONTH_FROM MONTH_TO.

DATA is Fishpond's data folder, whose Parquet segments are read as they are; FIGURES the programme's folder of figure SQL;
PLACES the folder of the county lists. Prints one JSON object, figure id to value. The SQL is taken as it stands: what
Fishpond's engine puts into it are comments to everybody else. With them stands what the queries alone cost, in
microseconds of CPU: Python and DuckDB are started by then, and the tables and views are there.
"""

import glob
import json
import os
import sys
import time

import duckdb

data, figures, places, month_from, month_to = sys.argv[1:6]
segments = [
    path
    for path in glob.glob(os.path.join(data, "lake", "segments", "*.parquet"))
    if not path.endswith(".rollup.parquet")
]
db = duckdb.connect()
db.execute(
    f"""
    CREATE VIEW sales AS
    SELECT channel, month, place_code, product_code, currency, 1 AS lines,
           CASE WHEN cancelled THEN 1 ELSE 0 END AS cancelled_lines, quantity_milli,
           CASE WHEN cancelled THEN 0 ELSE amount_fen END AS gross_fen, amount_fen AS net_fen
    FROM read_parquet({segments!r}) WHERE month BETWEEN {int(month_from)} AND {int(month_to)};
    CREATE TABLE places AS
    SELECT code, code - code % 10000 AS province_code FROM read_csv('{places}/divisions-2024.csv');
    CREATE TABLE poverty_counties AS
    SELECT code_2024 AS code, max(delisted_year) AS delisted_year FROM read_csv('{places}/counties-832.csv')
    WHERE code_2024 IS NOT NULL GROUP BY code_2024;
    """
)
with open(os.path.join(figures, "views.sql"), encoding="utf-8") as file:
    db.execute(file.read())

values = {}
before = time.process_time()
for path in sorted(glob.glob(os.path.join(figures, "*.sql"))):
    name = os.path.basename(path).removesuffix(".sql")
    if name != "views":
        with open(path, encoding="utf-8") as file:
            values[name] = db.execute(file.read()).fetchone()[0]
print(json.dumps({"values": values, "cpu_us": round((time.process_time() - before) * 1e6)}))
