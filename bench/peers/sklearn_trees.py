"""pandas and scikit-learn's HistGradientBoostingClassifier."""
import pickle

import pandas
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier

import workload as shared


def train(workload, table, path):
    levels = workload.levels(table)
    model = HistGradientBoostingClassifier(
        max_iter=shared.TREES,
        max_leaf_nodes=workload.leaves,
        min_samples_leaf=workload.leaf_rows,
        learning_rate=workload.rate,
        early_stopping=False,
        categorical_features=workload.text_positions(table) or None,
        random_state=1,
    )
    model.fit(workload.matrix(table, levels), workload.targets(table))
    with open(path, "wb") as file:
        pickle.dump((model, levels), file)


def load(workload, path):
    with open(path, "rb") as file:
        model, levels = pickle.load(file)
    return lambda table: model.predict_proba(workload.matrix(table, levels))[:, 1]


shared.run("sklearn", train, load, f"scikit-learn {sklearn.__version__}, pandas {pandas.__version__}")
