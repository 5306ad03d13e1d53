"""Trains LightGBM on one file and scores another.

usage: lightgbm_peer.py train.csv test.csv categorical-columns(comma or -) params.json out.csv
Files have the outcome first and no header; empty means missing.
"""
import json
import sys

import lightgbm as lgb
import numpy as np


def read(path):
    a = np.genfromtxt(path, delimiter=",", dtype=np.float64)
    return a[:, 1:], a[:, 0]


train, test, categorical, params, out = sys.argv[1:]
x, y = read(train)
xt, _ = read(test)
columns = [] if categorical == "-" else [int(c) for c in categorical.split(",")]
params = json.loads(params)
data = lgb.Dataset(x, y, categorical_feature=columns, params=params)
booster = lgb.train(params, data, params["num_iterations"])
raw = [booster.predict(m, raw_score=True) for m in (x, xt)]
np.savetxt(out, np.concatenate(raw), fmt="%.17g")
