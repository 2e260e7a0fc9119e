"""scikit-learn's side of forest.ts: reads one JSON command a line, answers each with one JSON line."""

import json
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

train = test = forest = None


def table(part):
    return np.array(part["columns"]).T.copy(), np.array(part["codes"])


for line in sys.stdin:
    command = json.loads(line)
    start = time.perf_counter()
    answer = {}
    if command["do"] == "load":
        train, test = table(command["train"]), table(command["test"])
    elif command["do"] == "fit":
        forest = RandomForestClassifier(command["trees"], random_state=command["seed"], n_jobs=1).fit(*train)
    elif command["do"] == "predict":
        probabilities = forest.predict_proba(test[0])
    answer["ms"] = (time.perf_counter() - start) * 1000
    if command["do"] == "predict":
        answer["rocAuc"] = roc_auc_score(test[1], probabilities[:, 1])
    print(json.dumps(answer), flush=True)
