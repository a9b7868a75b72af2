"""What the comparison programs need to know of a channel's file: which head holds what, from the layout in TOML.

Only the plain case is understood, as the benchmark's file is clean: one head per field, days as year-month-day.
"""

import csv
import tomllib

FIELDS = ("order", "line", "day", "place", "product", "quantity", "amount", "cancelled")


def heads_of(layout_path: str, csv_path: str) -> tuple[list[str], dict[str, str]]:
    """All heads of the file in order, and the head of each field that the file has."""
    with open(layout_path, "rb") as file:
        layout = tomllib.load(file)
    with open(csv_path, encoding="utf-8-sig", newline="") as file:
        heads = next(csv.reader(file, delimiter=layout.get("delimiter", ",")))
    found = {}
    for field in FIELDS:
        named = layout.get(field, {}).get("column", [])
        named = [named] if isinstance(named, str) else named
        for head in named:
            if head in heads:
                found[field] = head
                break
    return heads, found


def cancelled_values(layout_path: str) -> list[str]:
    """What the status column says of a cancelled line."""
    with open(layout_path, "rb") as file:
        return tomllib.load(file).get("cancelled", {}).get("values", [])
