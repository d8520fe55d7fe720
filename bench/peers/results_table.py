"""Writes the Markdown page of a comparison: results_table.py LINES FOLDER ROWS TRAIN_ROWS RUNS."""
import collections
import datetime
import json
import pathlib
import re
import statistics
import sys

NAMES = {
    "auspex": "**Auspex**",
    "sklearn": "pandas + scikit-learn",
    "xgboost": "pandas + XGBoost",
    "lightgbm": "pandas + LightGBM (C API)",
    "lightgbm-file": "LightGBM predict-file (writes scores only)",
    "mlnet-lightgbm": "ML.NET LightGBM",
    "mlnet-fasttree": "ML.NET FastTree",
    "onnx-runtime": "ML.NET + ONNX Runtime",
    "duckdb-typed": "DuckDB copy, typed (no scoring)",
    "duckdb-text": "DuckDB copy, all text (no scoring)",
}
TITLES = {
    "H": "H: 28 numbers, 100 trees of 31 leaves",
    "A": "A: adult census, 6 numbers and 8 texts, 100 trees of 20 leaves",
}


def section(workload, lines, rows):
    runs = collections.defaultdict(list)
    for line in lines:
        if line["kind"] == "run":
            runs[line["peer"]].append(line)
    limits = [line for line in lines if line["kind"] == "limits"]
    quality = {line["peer"]: line["auc"] for line in lines if line["kind"] == "quality"}
    size = limits[0]["bytes"]
    own = statistics.median(run["result"]["seconds"] for run in runs["auspex"]) if runs["auspex"] else None

    yield f"\n## {TITLES[workload]}; {rows:,} rows, {size / 1e6:,.0f} MB\n\n"
    yield "| program | rows/s, median | slowest to fastest | seconds | whole process, s | processor seconds | peak MB | AUC | Auspex is |\n"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    for peer in sorted(runs, key=lambda name: statistics.median(run["result"]["seconds"] for run in runs[name])):
        seconds = [run["result"]["seconds"] for run in runs[peer]]
        median = statistics.median(seconds)
        process = statistics.median(run["ended"] - run["began"] for run in runs[peer])
        work = statistics.median(run["user"] + run["system"] for run in runs[peer])
        memory = statistics.median(run["result"]["peakMemoryBytes"] for run in runs[peer]) / 1e6
        wrong = {run["result"]["rows"] for run in runs[peer]} - {rows}
        if wrong:
            sys.exit(f"{peer} scored {wrong} rows of {rows}.")
        auc = f"{quality[peer]:.4f}" if quality.get(peer) is not None else ""
        ratio = f"{median / own:.2f}x" if own and peer != "auspex" else ""
        yield (
            f"| {NAMES[peer]} | {rows / median / 1e3:,.0f}k | {rows / max(seconds) / 1e3:,.0f}k to "
            f"{rows / min(seconds) / 1e3:,.0f}k | {median:.2f} | {process:.2f} | {work:.2f} | {memory:,.0f} | {auc} | {ratio} |\n")

    yield "\nPhysical limits, measured once a round (median; rows/s = so many of this file's rows):\n\n"
    yield "| limit | GB/s | rows/s |\n|---|---:|---:|\n"
    for key, name in [
        ("memoryReadBytesPerSecond", "memory read, all processors"),
        ("fileReadBytesPerSecond", "file read from the page cache, one thread"),
        ("fileCopyBytesPerSecond", "file copied into the page cache, one thread"),
        ("fileCopyToDeviceBytesPerSecond", "file copied and flushed to the device"),
    ]:
        rate = statistics.median(line["limits"][key] for line in limits)
        yield f"| {name} | {rate / 1e9:.2f} | {rate * rows / size / 1e6:,.1f}M |\n"
    loads = [float(line["load"]) for line in limits if re.fullmatch(r"[0-9.]+", line["load"])]
    if loads:
        yield f"\nLoad average (1 min) at the rounds' starts: {', '.join(f'{load:.1f}' for load in loads)}.\n"


def main(path, folder, rows, train_rows, runs):
    with open(path) as file:
        lines = [json.loads(line) for line in file]
    machine = next(line["limits"] for line in lines if line["kind"] == "limits")
    slug = re.sub(r"[^a-z0-9]+", "-", machine["processor"].lower()).strip("-")
    slug = f"{slug}-{machine['processors']}-cores-{machine['vectorBits']}-bit"
    date = datetime.date.today().isoformat()
    target = pathlib.Path(folder) / slug / f"{date}-batch-scoring.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "w") as page:
        page.write(
            f"# Batch scoring, file to file, {date}\n\n"
            f"{machine['processor']}, {machine['processors']} processors, vectors of {machine['vectorBits']} bits; "
            f"{machine['runtime']}; {machine['system']}.\n"
            f"Written by `bench/compare.sh --rows {rows} --train-rows {train_rows} --runs {runs}`: {runs} interleaved rounds, "
            "medians. CSV in, the same columns\nplus label and probability out; the seconds begin when the model is loaded and "
            "end when the output is written. Models\nare trained on the same table with the same settings. "
            "\"Auspex is\" = the other's seconds by ours: above 1 we are faster.\n"
            "Processor seconds are those of the whole process, start and model included; other programs' load moves them least.\n")
        for workload in TITLES:
            own = [line for line in lines if line.get("workload") == workload]
            if own:
                page.writelines(section(workload, own, rows))
        page.write("\n## Versions\n\n")
        for line in lines:
            if line["kind"] == "version":
                page.write(f"- {NAMES[line['peer']]}: {line['version']}\n")
    print(target)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
