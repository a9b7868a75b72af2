#!/usr/bin/env python3
"""重算证据包里的每一项指标 / Recompute every figure of this pack. Needs only: pip install duckdb

    python3 recompute.py              每一项 / every figure
    python3 recompute.py FIGURE_ID    只算一项 / one figure

Prints id,value,published,equal. Exit code 0 when all are equal, 1 when one is not.
"""
import csv
import json
import pathlib
import sys

import duckdb

ROOT = pathlib.Path(__file__).resolve().parent


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def query(sql, by=None):
    sql = sql.strip().rstrip(";")
    if by is None:
        return sql
    return sql.replace("/*by*/", f"{by} AS key, ").replace("/*group*/", f" GROUP BY {by}")


def main():
    pack = json.loads(text("figures.json"))
    db = duckdb.connect()
    base = str(ROOT).replace("'", "''")
    for table in ("places", "poverty_counties", "products", "channels"):
        db.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{base}/tables/{table}.parquet')")
    db.execute(f"CREATE VIEW lines AS SELECT * FROM read_parquet('{base}/segments/*.parquet')")
    db.execute(text("sales.sql"))
    db.execute(text("journal.sql").replace("'evidence/", f"'{base}/evidence/"))
    db.execute(text("views.sql"))
    only = sys.argv[1:]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["id", "value", "published", "equal"])
    wrong = 0
    for figure in pack["figures"]:
        if only and figure["id"] not in only:
            continue
        sql = text(f"figures/{figure['id']}.sql")
        row = db.execute(query(sql)).fetchone()
        value = row[0] if row else None
        equal = value == figure["value"] or figure["state"] == "too_few"
        out.writerow([figure["id"], value, figure["value"], "true" if equal else "false"])
        wrong += not equal
        for part in figure["breakdowns"]:
            by = part["by"]
            if by is None or part["withheld"]:
                continue
            found = {str(key): amount for key, amount in db.execute(query(sql, by)).fetchall()}
            for cell in part["rows"]:
                if cell["value"] is not None and found.get(cell["key"]) != cell["value"]:
                    print(f"{figure['id']} {part['dimension']} {cell['key']}: {found.get(cell['key'])} != {cell['value']}", file=sys.stderr)
                    wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
