"""LightGBM's own prediction from file to file, which writes the scores alone. Its reader knows numbers only: workload H."""
import sys
import time

import lightgbm_library
import workload as shared

arguments = sys.argv[1:]
if arguments == ["version"]:
    print("LightGBM 4.7.0")
elif len(arguments) == 5 and arguments[0] == "score" and arguments[1] == "H":
    booster = lightgbm_library.Booster(arguments[2])
    started = time.perf_counter()
    booster.predict_file(arguments[3], arguments[4])
    seconds = time.perf_counter() - started
    with open(arguments[4], "rb") as scores:
        rows = sum(1 for _ in scores)
    shared.report("lightgbm-file", shared.WORKLOADS["H"], rows, seconds)
else:
    sys.exit("lightgbm_file.py: expected score H MODEL INPUT OUTPUT, or version.")
