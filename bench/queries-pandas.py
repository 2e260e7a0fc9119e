"""pandas' side of queries.ts and metadata.ts: reads one JSON command a line, answers each with one JSON line."""

import json
import sys
import time

import pandas as pd

frame = None

for line in sys.stdin:
    command = json.loads(line)
    columns = command["columns"]
    start = time.perf_counter()
    if command["do"] == "load":
        frame = pd.read_csv(command["path"])
        checked = float(len(frame))
    elif command["do"] == "first":
        groups = pd.read_csv(command["path"]).groupby("k")[columns].agg(["count", "mean"])
        checked = float(groups.iloc[0, 1])
    elif command["do"] == "group":
        groups = frame.groupby("k")[columns].agg(["count", "mean"])
        checked = float(groups.iloc[0, 1])
    elif command["do"] == "extract":
        selected = frame.loc[frame["x0"] > 0.25, columns].to_numpy()
        checked = float(len(selected))
    elif command["do"] == "metadata":
        described = frame.describe()
        missing = frame.isna().sum()
        categories = frame["k"].value_counts()
        checked = float(described.loc["50%", "x0"]) + float(missing.sum()) + float(frame["k"].nunique()) + float(categories.iloc[0])
    print(json.dumps({"ms": (time.perf_counter() - start) * 1000, "checked": checked}), flush=True)
