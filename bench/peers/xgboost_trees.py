"""pandas and XGBoost's histogram trees."""
import json

import pandas
import xgboost

import workload as shared


def matrix(workload, table, levels, labels=None):
    kinds = ["c" if column in workload.texts else "q" for column in workload.features(table)]
    return xgboost.DMatrix(workload.matrix(table, levels), label=labels, feature_types=kinds, enable_categorical=True)


def train(workload, table, path):
    levels = workload.levels(table)
    settings = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_leaves": workload.leaves,
        "max_depth": 0,
        "eta": workload.rate,
        "seed": 1,
    }
    booster = xgboost.train(settings, matrix(workload, table, levels, workload.targets(table)), shared.TREES)
    # Written by hand: save_model takes the format from the file's name, and the older one knows no categories.
    with open(path, "wb") as file:
        file.write(booster.save_raw("json"))
    with open(path + ".levels", "w") as file:
        json.dump(levels, file)


def load(workload, path):
    with open(path, "rb") as file:
        booster = xgboost.Booster(model_file=bytearray(file.read()))
    with open(path + ".levels") as file:
        levels = json.load(file)
    return lambda table: booster.predict(matrix(workload, table, levels)).astype(float)


shared.run("xgboost", train, load, f"XGBoost {xgboost.__version__}, pandas {pandas.__version__}")
