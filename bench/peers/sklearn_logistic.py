"""pandas and scikit-learn's LogisticRegression (L-BFGS) at the penalty of ours, numbers scaled to 0 to 1."""
import pickle

import pandas
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

import workload as shared


def train(workload, table, path):
    if workload.texts:
        raise SystemExit("sklearn_logistic: expected workload H, which has numbers only.")
    levels = workload.levels(table)
    model = make_pipeline(MinMaxScaler(), LogisticRegression(C=1, max_iter=1000))
    model.fit(workload.matrix(table, levels), workload.targets(table))
    with open(path, "wb") as file:
        pickle.dump((model, levels), file)


def load(workload, path):
    with open(path, "rb") as file:
        model, levels = pickle.load(file)
    return lambda table: model.predict_proba(workload.matrix(table, levels))[:, 1]


shared.run("sklearn-logistic", train, load, f"scikit-learn {sklearn.__version__}, pandas {pandas.__version__}")
