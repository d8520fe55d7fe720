"""Holds every learner against its counterpart in scikit-learn, on the same rows and with the same settings.

    python3 bench/peers/sklearn_learners.py DATA_FOLDER "dotnet AUSPEX.dll" [WORD ...]

DATA_FOLDER holds adult-census-income.csv, automobile-price.csv and iris.csv. With words, only the lines that contain one of them
are run. Each line: the metric on held-out rows for both, the mean of several splits, and what ours is better by; '!' marks more than
0.005 worse.
"""

import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd
from sklearn import compose, ensemble, linear_model, metrics, neural_network, preprocessing
from sklearn.compose import make_column_transformer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

SETS = {
    "census": ("adult-census-income.csv", "income", "auc"),
    "cars": ("automobile-price.csv", "price", "r2"),
    "iris": ("iris.csv", "species", "accuracy"),
}


def encoded(table, label, model, scale):
    texts = [name for name in table.columns if name != label and table[name].dtype == object]
    numbers = [name for name in table.columns if name != label and name not in texts]
    scaler = {"minmax": preprocessing.MinMaxScaler(), "standard": preprocessing.StandardScaler(), None: "passthrough"}[scale]
    return make_pipeline(
        make_column_transformer((preprocessing.OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts), (scaler, numbers)), model)


def measure(kind, truth, predicted, positive):
    if kind == "auc":
        return metrics.roc_auc_score(truth == positive, predicted)
    if kind == "r2":
        return metrics.r2_score(truth, predicted)
    return metrics.accuracy_score(truth.astype(str), predicted.astype(str))


def theirs(kind, label, train, test, model, scale, positive):
    pipe = encoded(train, label, model, scale)
    pipe.fit(train.drop(columns=label), train[label])
    rows = test.drop(columns=label)
    if kind != "auc":
        return pipe.predict(rows)
    if hasattr(pipe, "predict_proba"):
        return pipe.predict_proba(rows)[:, list(pipe.classes_).index(positive)]
    return pipe.decision_function(rows)


def ours(auspex, folder, kind, label, learner, settings):
    model = os.path.join(folder, "m.ilearner")
    command = auspex + ["train", "--input", os.path.join(folder, "train.csv"), "--label", label, "--learner", learner, "--model", model]
    for setting in settings:
        command += ["--set", setting]
    started = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    elapsed = time.monotonic() - started
    scored = os.path.join(folder, "scored.csv")
    subprocess.run(
        auspex + ["score", "--model", model, "--input", os.path.join(folder, "test.csv"), "--output", scored],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    table = pd.read_csv(scored, skipinitialspace=True)
    column = "Scored Probabilities" if kind == "auc" else "Scored Labels"
    for name in (column, "Scored Label Mean", "Quantile: 0.500"):
        if name in table:
            return table[name], elapsed
    raise KeyError(column)


def scaled_target(model):
    return compose.TransformedTargetRegressor(model, transformer=preprocessing.StandardScaler())


def cases(seed):
    forest = dict(n_estimators=8, max_depth=32, random_state=seed)
    return [
        ("census", "Two-Class Decision Forest", [], ensemble.RandomForestClassifier(**forest), None),
        ("census", "Two-Class Decision Forest", ["Number of decision trees=32", "Minimum number of samples per leaf node=4"],
         ensemble.RandomForestClassifier(32, min_samples_leaf=4, random_state=seed), None),
        ("iris", "Multiclass Decision Forest", [], ensemble.RandomForestClassifier(**forest), None),
        ("cars", "Decision Forest Regression", [], ensemble.RandomForestRegressor(**forest), None),
        ("cars", "Decision Forest Regression", ["Number of decision trees=32"], ensemble.RandomForestRegressor(32, random_state=seed), None),
        ("census", "Two-Class Decision Jungle", [], ensemble.RandomForestClassifier(**forest), None),
        ("iris", "Multiclass Decision Jungle", [], ensemble.RandomForestClassifier(**forest), None),
        ("census", "Two-Class Support Vector Machine", ["Number of iterations=10"],
         linear_model.SGDClassifier(loss="hinge", alpha=0.001, max_iter=10, tol=None, random_state=seed), "minmax"),
        ("census", "Two-Class Support Vector Machine", [],
         linear_model.SGDClassifier(loss="hinge", alpha=0.001, max_iter=1, tol=None, random_state=seed), "minmax"),
        ("census", "Two-Class Averaged Perceptron", [],
         linear_model.SGDClassifier(loss="perceptron", penalty=None, learning_rate="constant", eta0=1, average=True, max_iter=10, tol=None,
                                    random_state=seed), "minmax"),
        ("census", "Two-Class Bayes Point Machine", [], linear_model.LogisticRegression(max_iter=2000), "minmax"),
        ("census", "Two-Class Locally Deep Support Vector Machine", [], linear_model.LogisticRegression(max_iter=2000), "minmax"),
        ("census", "Two-Class Neural Network", ["Number of learning iterations=20"],
         neural_network.MLPClassifier((100,), activation="logistic", solver="sgd", alpha=0, batch_size=1, learning_rate_init=0.1, momentum=0,
                                      max_iter=20, n_iter_no_change=1000, random_state=seed), "minmax"),
        ("iris", "Multiclass Neural Network", [],
         neural_network.MLPClassifier((100,), activation="logistic", solver="sgd", alpha=0, batch_size=1, learning_rate_init=0.1, momentum=0,
                                      max_iter=100, n_iter_no_change=1000, random_state=seed), "minmax"),
        ("cars", "Neural Network Regression", [], scaled_target(neural_network.MLPRegressor(
            (100,), activation="logistic", solver="sgd", alpha=0, batch_size=1, learning_rate_init=0.005, momentum=0, max_iter=100,
            n_iter_no_change=1000, random_state=seed)), "minmax"),
        ("cars", "Poisson Regression", ["L1 regularization weight=0"], linear_model.PoissonRegressor(alpha=1 / 150, max_iter=5000), "minmax"),
        ("cars", "Bayesian Linear Regression", [], linear_model.Ridge(alpha=1), None),
        ("cars", "Fast Forest Quantile Regression", [], ensemble.RandomForestRegressor(
            100, max_leaf_nodes=20, min_samples_leaf=10, max_features=0.5, bootstrap=True, random_state=seed), None),
    ]


def main(data, auspex, words):
    splits = {"census": int(os.environ.get("SPLITS", "3")), "cars": 10, "iris": 10}
    found = {}
    for seed in range(1, 11):
        for number, (name, learner, settings, model, scale) in enumerate(cases(seed)):
            file, label, kind = SETS[name]
            if seed > splits[name] or (words and not any(word in learner for word in words)):
                continue
            table = pd.read_csv(os.path.join(data, file), skipinitialspace=True, na_values="?").dropna()
            train, test = train_test_split(table, test_size=0.25, random_state=seed)
            positive = sorted(table[label].unique())[-1]
            with tempfile.TemporaryDirectory() as folder:
                train.to_csv(os.path.join(folder, "train.csv"), index=False)
                test.to_csv(os.path.join(folder, "test.csv"), index=False)
                mine, elapsed = ours(auspex, folder, kind, label, learner, settings)
            started = time.monotonic()
            yours = theirs(kind, label, train, test, model, scale, positive)
            line = found.setdefault((number, name, learner, ", ".join(settings), kind), [])
            line.append((
                measure(kind, test[label], mine, positive), measure(kind, test[label], yours, positive), elapsed, time.monotonic() - started))
    print("| data | learner | settings | metric | ours | scikit-learn | better by | s | s |\n|---|---|---|---|---|---|---|---|---|")
    for (_, name, learner, settings, kind), values in sorted(found.items()):
        mine, yours, elapsed, other = np.mean(values, axis=0)
        mark = " !" if mine < yours - 0.005 else ""
        print(f"| {name} | {learner} | {settings} | {kind} | {mine:.4f} | {yours:.4f} | {mine - yours:+.4f}{mark} | {elapsed:.1f} | {other:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2].split(), sys.argv[3:])
