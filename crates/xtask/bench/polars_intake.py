"""One CSV of order lines to one typed Parquet file with Polars, streaming: layout CSV PARQUET."""

import sys

import polars as pl

from layout import cancelled_values, heads_of

layout, source, target = sys.argv[1:4]
heads, field = heads_of(layout, source)

# Whole numbers are cast while reading. Amounts are read as text and cast to decimals: floats would not be exact.
schema = {head: pl.String for head in heads}
schema.update({field[name]: kind for name, kind in {"line": pl.Int64, "place": pl.Int32}.items() if name in field})

columns = [pl.col(field["day"]).str.slice(0, 10).str.to_date("%Y-%m-%d").alias("day")]
columns += [pl.col(field[name]).alias(name) for name in ("order", "line", "place", "product") if name in field]
columns += [
    (pl.col(field["quantity"]).str.to_decimal(scale=3) * 1000).cast(pl.Int64).alias("quantity_milli"),
    (pl.col(field["amount"]).str.to_decimal(scale=2) * 100).cast(pl.Int64).alias("amount_fen"),
]
if "cancelled" in field:
    columns.append(pl.col(field["cancelled"]).is_in(cancelled_values(layout)).alias("cancelled"))

pl.scan_csv(source, schema=schema).select(columns).sink_parquet(
    target, compression="snappy", maintain_order=False
)
