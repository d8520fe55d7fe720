"""pandas and LightGBM's native predictor."""
import json

import pandas

import lightgbm_library
import workload as shared


def train(workload, table, path):
    levels = workload.levels(table)
    lightgbm_library.train(
        workload.matrix(table, levels), workload.features(table), workload.targets(table),
        workload.text_positions(table), shared.TREES, workload.leaves, workload.leaf_rows, workload.rate, path)
    with open(path + ".levels", "w") as file:
        json.dump(levels, file)


def load(workload, path):
    booster = lightgbm_library.Booster(path)
    with open(path + ".levels") as file:
        levels = json.load(file)
    return lambda table: booster.predict(workload.matrix(table, levels))


if __name__ == "__main__":
    shared.run("lightgbm", train, load, f"LightGBM 4.7.0, pandas {pandas.__version__}")
