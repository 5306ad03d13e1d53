"""Loads models that claimsieve wrote and says what LightGBM predicts with them.

usage: predict.py FOLDER CASE...

Reads CASE.txt and CASE.rows (vectors, row by row, as little-endian float64),
writes CASE.pred: raw scores, of an average over trees the mean. Checks what
LightGBM understood of the header.
"""
import sys

import lightgbm as lgb
import numpy as np

folder = sys.argv[1]
for name in sys.argv[2:]:
    path = f"{folder}/{name}.txt"
    text = open(path, encoding="utf-8").read()
    names = next(line for line in text.splitlines() if line.startswith("feature_names=")).split("=", 1)[1].split(" ")
    model = lgb.Booster(model_file=path)
    assert model.feature_name() == names, (name, model.feature_name(), names)
    assert model.num_trees() == text.count("\nTree="), name
    # Saved again by LightGBM, the trees must be those that it was given.
    again = lgb.Booster(model_str=model.model_to_string())
    rows = np.fromfile(f"{folder}/{name}.rows", "<f8").reshape(-1, len(names))
    raw = model.predict(rows, raw_score=True)
    assert np.array_equal(raw, again.predict(rows, raw_score=True)), name
    if "\naverage_output\n" in text:
        raw = raw / model.num_trees()
        if "\nobjective=regression\n" in text:
            assert np.allclose(model.predict(rows), raw, rtol=0, atol=1e-12), name
    raw.astype("<f8").tofile(f"{folder}/{name}.pred")
