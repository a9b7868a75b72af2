"""One CSV of order lines to one typed Parquet file with DuckDB: layout CSV PARQUET."""

import sys

import duckdb

from layout import cancelled_values, heads_of

layout, source, target = sys.argv[1:4]
heads, field = heads_of(layout, source)

TYPES = {"line": "BIGINT", "place": "INTEGER", "quantity": "DECIMAL(18,3)", "amount": "DECIMAL(18,2)"}
kinds = {head: "VARCHAR" for head in heads}
kinds.update({field[name]: kind for name, kind in TYPES.items() if name in field})


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


columns = ["CAST(substr({0}, 1, 10) AS DATE) AS day".format(quoted(field["day"]))]
columns += [f"{quoted(field[name])} AS {name}" for name in ("order", "line", "place", "product") if name in field]
columns = [column.replace(" AS order", " AS order_no") for column in columns]
columns += [
    f"CAST({quoted(field['quantity'])} * 1000 AS BIGINT) AS quantity_milli",
    f"CAST({quoted(field['amount'])} * 100 AS BIGINT) AS amount_fen",
]
if "cancelled" in field:
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in cancelled_values(layout))
    columns.append(f"{quoted(field['cancelled'])} IN ({values}) AS cancelled")

duckdb.sql("SET preserve_insertion_order = false")
kinds_sql = ", ".join("'" + head.replace("'", "''") + f"': '{kind}'" for head, kind in kinds.items())
duckdb.sql(
    f"COPY (SELECT {', '.join(columns)} FROM read_csv('{source}', header=true, columns={{{kinds_sql}}}))"
    f" TO '{target}' (FORMAT parquet, COMPRESSION snappy)"
)
