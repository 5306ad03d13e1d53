"""Trains small LightGBM models and says what LightGBM predicts with them.

usage: train.py FOLDER

For each case it writes CASE.txt (the model), CASE.rows (vectors, row by row,
as little-endian float64), CASE.raw (raw scores; of a random forest the mean
over its trees) and CASE.out (what predict gives).
"""
import sys

import lightgbm as lgb
import numpy as np

ROWS = 10_000
folder = sys.argv[1]
rng = np.random.default_rng(20260101)


def numbers(n, width):
    x = np.round(rng.normal(size=(n, width)), 2)
    x[rng.random(x.shape) < 0.1] = np.nan
    x[rng.random(x.shape) < 0.2] = 0.0
    return x


def target(x, codes=None):
    z = np.where(np.isnan(x[:, 0]), 0.7, x[:, 0]) - np.where(x[:, 1] == 0, 1.0, 0.0) + np.nan_to_num(x[:, 2]) ** 2
    if codes is not None:
        z = z + 2.0 * (np.nan_to_num(codes) % 3 == 1)
    return (z + rng.normal(size=len(z)) > 0.8).astype(float)


def strange(x, categorical):
    """Vectors that training never saw: tiny, huge, unknown and negative values."""
    x = x.copy()
    for j in range(x.shape[1]):
        pick = rng.random(len(x))
        if j in categorical:
            x[pick < 0.05, j] = -rng.integers(1, 50, (pick < 0.05).sum())
            x[(pick >= 0.05) & (pick < 0.1), j] = rng.integers(90, 2000, ((pick >= 0.05) & (pick < 0.1)).sum())
            x[(pick >= 0.1) & (pick < 0.12), j] = -0.5
            x[(pick >= 0.12) & (pick < 0.15), j] += 0.75
            x[(pick >= 0.15) & (pick < 0.17), j] = 3e9
        else:
            x[pick < 0.03, j] = 1e-36
            x[(pick >= 0.03) & (pick < 0.06), j] = -1e-36
            x[(pick >= 0.06) & (pick < 0.08), j] = np.inf
            x[(pick >= 0.08) & (pick < 0.1), j] = -np.inf
            x[(pick >= 0.1) & (pick < 0.12), j] = -0.0
    return x


def case(name, x, y, probe, rounds=20, categorical=(), **params):
    params = dict(dict(objective="binary", verbose=-1, num_threads=1, min_data_in_leaf=5), **params)
    data = lgb.Dataset(x, y, categorical_feature=list(categorical), feature_name=[f"列{j}=x%" for j in range(x.shape[1])])
    model = lgb.train(params, data, rounds)
    model.save_model(f"{folder}/{name}.txt")
    raw = model.predict(probe, raw_score=True)
    if params.get("boosting") == "rf":
        raw = raw / model.num_trees()
    probe.astype("<f8").tofile(f"{folder}/{name}.rows")
    raw.astype("<f8").tofile(f"{folder}/{name}.raw")
    model.predict(probe).astype("<f8").tofile(f"{folder}/{name}.out")


x, probe = numbers(2000, 5), strange(numbers(ROWS, 5), ())
y = target(x)
case("nan", x, y, probe)
case("zero", x, y, probe, zero_as_missing=True)
case("nomissing", x, y, probe, use_missing=False)
case("two", x, y, probe, num_leaves=2)
case("deep", x, y, probe, num_leaves=200, min_data_in_leaf=1, rounds=5)
case("oneleaf", x, np.ones(len(x)) * 0.25, probe, objective="regression")
case("regression", x, y + np.nan_to_num(x[:, 3]), probe, objective="regression")
case("unsplit", x, y, probe, min_data_in_leaf=1500)
case("rf", x, y, probe, boosting="rf", bagging_freq=1, bagging_fraction=0.6, feature_fraction=0.7)


def with_codes(n):
    x = np.column_stack([numbers(n, 3), rng.integers(0, 3, n), rng.integers(0, 90, n)]).astype(float)
    x[rng.random(n) < 0.05, 4] = np.nan
    return x


x = with_codes(2500)
y = target(x, x[:, 4])
probe = strange(with_codes(ROWS), (3, 4))
case("codes", x, y, probe, categorical=(3, 4), min_data_per_group=10, cat_smooth=1)
case("codesrf", x, y, probe, categorical=(3, 4), min_data_per_group=10, boosting="rf", bagging_freq=1, bagging_fraction=0.6)
