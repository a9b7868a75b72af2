"""Duplicates within one CSV of persons with Splink 4 on DuckDB: SOURCE TRUTH. Prints pairs, precision, recall, F1.

Settings as its documentation advises: u from random pairs, m by expectation and maximisation over two blocking rules,
name with term frequency, Jaro-Winkler, day and ID with edit distance; clusters at a probability of one half.
"""

import csv
import json
import logging
import sys

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.disable(logging.WARNING)
source, truth = sys.argv[1:3]
database = duckdb.connect()
database.execute(
    "CREATE TABLE persons AS SELECT 编号 AS unique_id, 姓名 AS name, 性别 AS sex, 出生日期 AS born_on, 身份证号 AS resident_id,"
    f" 电话 AS phone, 住址 AS address FROM read_csv('{source}', header=true, all_varchar=true)"
)
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.JaroWinklerAtThresholds("name", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
        cl.DamerauLevenshteinAtThresholds("born_on", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("resident_id", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
        cl.JaroWinklerAtThresholds("address", [0.95, 0.85, 0.7]),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("resident_id"),
        block_on("name", "born_on"),
        block_on("name", "phone"),
        block_on("born_on", "phone"),
        block_on("born_on", "substr(address, -8)"),
        block_on("name", "substr(address, -8)"),
    ],
    retain_intermediate_calculation_columns=False,
    retain_matching_columns=False,
)
linker = Linker("persons", settings, DuckDBAPI(connection=database))
linker.training.estimate_probability_two_random_records_match(
    [block_on("resident_id"), block_on("name", "born_on")], recall=0.95
)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("resident_id"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "born_on"))
predictions = linker.inference.predict(threshold_match_probability=0.5)
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, 0.5)
table = clusters.physical_name
pairs = database.execute(
    f"SELECT a.unique_id, b.unique_id FROM {table} a JOIN {table} b USING (cluster_id) WHERE a.unique_id < b.unique_id"
).fetchall()
with open(truth, encoding="utf-8") as file:
    known = {tuple(sorted(row)) for row in list(csv.reader(file))[1:]}
right = sum(pair in known for pair in pairs)
print(
    json.dumps(
        {
            "pairs": len(pairs),
            "precision": right / max(len(pairs), 1),
            "recall": right / max(len(known), 1),
            "f1": 2 * right / max(len(pairs) + len(known), 1),
        }
    )
)
