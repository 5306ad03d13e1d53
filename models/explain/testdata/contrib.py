"""Trains small LightGBM models and says how LightGBM explains their scores.

usage: contrib.py FOLDER

For each case it writes CASE.txt (the model), CASE.rows (vectors) and
CASE.contrib (pred_contrib: one value a feature and the expected value), row by
row, as little-endian float64. LightGBM sums the contributions of an average
over trees; they are written divided by the number of trees.
"""
import sys

import lightgbm as lgb
import numpy as np

ROWS = 300
folder = sys.argv[1]
rng = np.random.default_rng(20260202)


def vectors(n):
    x = np.round(rng.normal(size=(n, 16)), 1)
    x[rng.random(x.shape) < 0.15] = np.nan
    x[rng.random(x.shape) < 0.2] = 0.0
    x[:, 14] = rng.integers(0, 4, n)
    x[:, 15] = rng.integers(0, 60, n)
    x[rng.random(n) < 0.05, 15] = np.nan
    return x


x = vectors(3000)
z = np.nan_to_num(x[:, :14]).sum(axis=1) / 2 + (x[:, 15] % 4 == 1) * 2 - (x[:, 14] == 2) + (x[:, 0] == 0)
y = (z + rng.normal(size=len(z)) > 0.5).astype(float)
probe = vectors(ROWS)
probe[:20, 15] = -3
probe[20:40, 15] = 500


def case(name, rounds, **params):
    params = dict(dict(objective="binary", verbose=-1, num_threads=1, min_data_per_group=10), **params)
    model = lgb.train(params, lgb.Dataset(x, y, categorical_feature=[14, 15]), rounds)
    model.save_model(f"{folder}/{name}.txt")
    contrib = model.predict(probe, pred_contrib=True)
    if params.get("boosting") == "rf":
        contrib = contrib / model.num_trees()
    probe.astype("<f8").tofile(f"{folder}/{name}.rows")
    contrib.astype("<f8").tofile(f"{folder}/{name}.contrib")


case("plain", 20, num_leaves=15)
case("zero", 20, num_leaves=15, zero_as_missing=True)
case("stumps", 20, num_leaves=2)
case("deep", 3, num_leaves=400, min_data_in_leaf=1, min_sum_hessian_in_leaf=0)
case("rf", 10, boosting="rf", bagging_freq=1, bagging_fraction=0.5, num_leaves=20)
case("regression", 10, objective="regression", num_leaves=15)
case("unsplit", 3, min_data_in_leaf=2000)
