"""What the peers share: the workload's data, one fit for the cold run, a timed second fit for the steady rate.

Usage of a peer: python on_<peer>.py <workload> <cold|steady> <csv>
"""
import json, pathlib, sys, time
import numpy as np

SPECS = json.loads((pathlib.Path(__file__).parent.parent / "workloads.json").read_text())


def boston(csv, spec):
    rows = np.loadtxt(csv, delimiter=",", skiprows=1, dtype="float32")
    np.random.RandomState(113).shuffle(rows)
    train = rows[: spec["samples"]]
    x = (train[:, :13] - train[:, :13].mean(0)) / train[:, :13].std(0, ddof=1)
    return x, train[:, 13:]


def shampoo(csv, spec):
    sales = np.loadtxt(csv, delimiter=",", skiprows=1, usecols=0, dtype="float32")
    starts = range(spec["samples"])
    x = np.stack([sales[start : start + 4] for start in starts])[..., None]
    y = np.stack([sales[start + 1 : start + 5] for start in starts])[..., None]
    return x, y


def mnist(_csv, spec):
    """Noise, in which each class brightens a band of pixels of its own."""
    x = np.random.default_rng(0).random((spec["samples"], 784), dtype="float32")
    y = np.arange(spec["samples"]) % 10
    for label in range(10):
        x[label::10, 78 * label : 78 * (label + 1)] += 0.08
    return x, y


def lstm(_csv, spec):
    """The wanted value is the mean of the first feature over the last five steps."""
    x = np.random.default_rng(0).random((spec["samples"], 50, 16), dtype="float32") * 2 - 1
    return x, x[:, -5:, 0].mean(1, keepdims=True)


def cnn(_csv, spec):
    """Noise, in which each class brightens a square at a place of its own. [n, 28, 28]"""
    x = np.random.default_rng(0).random((spec["samples"], 28, 28), dtype="float32")
    y = np.arange(spec["samples"]) % 10
    for label in range(10):
        top, left = 4 + 12 * (label // 5), 1 + 5 * (label % 5)
        x[label::10, top : top + 5, left : left + 5] += 0.3
    return x, y


DATA = {"boston": boston, "mnist": mnist, "shampoo": shampoo, "lstm": lstm, "cnn": cnn}


def main(peer, version, build):
    """`build(workload, x, y, batch)` gives a function that trains so many epochs to their end and gives the last one's mean loss."""
    workload, mode, csv = sys.argv[1:4]
    spec = SPECS[workload]
    began = time.perf_counter()
    x, y = DATA[workload](csv, spec)
    data_seconds = time.perf_counter() - began
    fit = build(workload, x, y, spec["batchSize"])
    result = {"peer": peer, "version": version, "workload": workload, "dataSeconds": data_seconds}
    result["loss"] = fit(spec["coldEpochs"])
    if mode == "steady":
        began = time.perf_counter()
        result["loss"] = fit(spec["steadyEpochs"])
        result["epochsPerSecond"] = spec["steadyEpochs"] / (time.perf_counter() - began)
    print(json.dumps(result))
