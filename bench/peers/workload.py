"""What the Python peers share: the two workloads and their settings, a table's codes, and the line that each prints.

Command line of every script: train WORKLOAD TABLE MODEL, score WORKLOAD MODEL INPUT OUTPUT, or fit WORKLOAD TABLE TEST, which
prints the seconds from a table in memory to a model, and the AUC on TEST.
"""
import json
import resource
import sys
import tempfile
import time

import numpy
import pandas

TREES = 100
SCORED = ["Scored Labels", "Scored Probabilities"]


class Workload:
    def __init__(self, name, label, positive, texts, leaves, leaf_rows, rate):
        self.name = name
        self.label = label
        self.positive = positive
        self.texts = texts
        self.leaves = leaves
        self.leaf_rows = leaf_rows
        self.rate = rate

    def features(self, table):
        return [column for column in table.columns if column != self.label]

    def targets(self, table):
        return (table[self.label].astype(str) == self.positive).to_numpy(numpy.float32)

    def levels(self, table):
        """The categories of each text column, in an order that does not depend on the rows'."""
        return {column: sorted(table[column].unique()) for column in self.texts}

    def matrix(self, table, levels):
        """The features as numbers; an unknown category is missing."""
        columns = []
        for column in self.features(table):
            if column in levels:
                codes = pandas.Categorical(table[column], categories=levels[column]).codes.astype(numpy.float64)
                columns.append(numpy.where(codes < 0, numpy.nan, codes))
            else:
                columns.append(table[column].to_numpy(numpy.float64))
        return numpy.column_stack(columns)

    def text_positions(self, table):
        return [index for index, column in enumerate(self.features(table)) if column in self.texts]


WORKLOADS = {
    "H": Workload("H", "y", "1", [], 31, 20, 0.1),
    "A": Workload(
        "A",
        "income",
        ">50K",
        ["workclass", "education", "marital-status", "occupation", "relationship", "race", "sex", "native-country"],
        20,
        10,
        0.2,
    ),
}


def report(peer, workload, rows, seconds):
    print(json.dumps({
        "peer": peer,
        "workload": workload.name,
        "rows": rows,
        "seconds": round(seconds, 3),
        "rowsPerSecond": round(rows / seconds),
        "peakMemoryBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


def auc(targets, probabilities):
    """The part of pairs of a positive and a negative row that stand in the right order, ties being half."""
    ranks = pandas.Series(probabilities).rank().to_numpy()
    positive = targets > 0.5
    count = positive.sum()
    return (ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(targets) - count))


def fit(peer, workload, train, load, table, test):
    table = pandas.read_csv(table)
    with tempfile.NamedTemporaryFile() as model:
        before = resource.getrusage(resource.RUSAGE_SELF)
        started = time.perf_counter()
        train(workload, table, model.name)
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_SELF)
        test = pandas.read_csv(test)
        probabilities = load(workload, model.name)(test)
    print(json.dumps({
        "peer": peer,
        "workload": workload.name,
        "rows": len(table),
        "seconds": round(seconds, 3),
        "processorSeconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 3),
        "auc": round(float(auc(workload.targets(test), probabilities)), 5),
    }))


def run(peer, train, load, version):
    """Reads the command line. load(workload, path) gives a function from a table to the probabilities of the positive label."""
    arguments = sys.argv[1:]
    if arguments == ["version"]:
        print(version)
    elif len(arguments) == 4 and arguments[0] == "train":
        train(WORKLOADS[arguments[1]], pandas.read_csv(arguments[2]), arguments[3])
    elif len(arguments) == 4 and arguments[0] == "fit":
        fit(peer, WORKLOADS[arguments[1]], train, load, arguments[2], arguments[3])
    elif len(arguments) == 5 and arguments[0] == "score":
        workload = WORKLOADS[arguments[1]]
        predict = load(workload, arguments[2])
        started = time.perf_counter()
        table = pandas.read_csv(arguments[3])
        probabilities = predict(table)
        negative = next((str(value) for value in table[workload.label].unique() if str(value) != workload.positive), "")
        table[SCORED[0]] = numpy.where(probabilities > 0.5, workload.positive, negative)
        table[SCORED[1]] = probabilities
        table.to_csv(arguments[4], index=False)
        report(peer, workload, len(table), time.perf_counter() - started)
    else:
        sys.exit(f"{sys.argv[0]}: expected train WORKLOAD TABLE MODEL, fit WORKLOAD TABLE TEST, score WORKLOAD MODEL INPUT OUTPUT, or version.")
