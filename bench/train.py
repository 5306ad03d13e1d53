"""Training time beside LightGBM on its own binary example (7,000 x 28).

Usage: python bench/train.py OUR-PROGRAM DATA. Both sides hold the data in
memory, use 2 threads, count binning, train 100 trees x 31 leaves with the same
settings, and take turns; the medians of the pairs are compared.
"""

import json
import statistics
import subprocess
import sys
import time

import lightgbm
import numpy as np
from sklearn.metrics import roc_auc_score

PAIRS, THREADS, TREES = 9, 2, 100

program, data = sys.argv[1:3]
train = np.loadtxt(f"{data}/binary.train")
test = np.loadtxt(f"{data}/binary.test")
ours = subprocess.Popen([program, "-data", data, "-threads", str(THREADS), "-trees", str(TREES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run_ours():
    ours.stdin.write("fit\n")
    ours.stdin.flush()
    answer = json.loads(ours.stdout.readline())
    return answer["seconds"], answer["auc"]


def run_theirs():
    began = time.perf_counter()
    parameters = {"objective": "binary", "num_threads": THREADS, "verbose": -1}
    model = lightgbm.train(parameters, lightgbm.Dataset(train[:, 1:], train[:, 0]), TREES)
    return time.perf_counter() - began, roc_auc_score(test[:, 0], model.predict(test[:, 1:]))


run_ours(), run_theirs()  # warm up
pairs = []
for i in range(PAIRS):
    if i % 2 == 0:
        a, b = run_ours(), run_theirs()
    else:
        b, a = run_theirs(), run_ours()
    pairs.append((a, b))
ours.stdin.close()
ours.wait()
us = statistics.median(a[0] for a, _ in pairs)
them = statistics.median(b[0] for _, b in pairs)
ratio = statistics.median(b[0] / a[0] for a, b in pairs)
print(f"ratio small_vs_lightgbm {ratio:.2f} ours={us:.4f}s theirs={them:.4f}s peer=lightgbm {lightgbm.__version__} same_work=yes auc_ours={pairs[0][0][1]:.4f} auc_theirs={pairs[0][1][1]:.4f}")
