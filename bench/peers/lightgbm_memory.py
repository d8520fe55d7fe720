"""How many rows a second does LightGBM's native predictor score when they lie in memory? MODEL INPUT, in LightGBM's text form and CSV."""
import statistics
import sys
import time

import pandas

import lightgbm_library

booster = lightgbm_library.Booster(sys.argv[1])
matrix = pandas.read_csv(sys.argv[2]).filter(regex="^x").to_numpy("float64")
seconds = []
for _ in range(5):
    started = time.perf_counter()
    booster.predict(matrix)
    seconds.append(time.perf_counter() - started)
print(f"LightGBM, all threads: {len(matrix) / statistics.median(seconds) / 1e6:.2f} M rows/s "
      f"({len(matrix) / max(seconds) / 1e6:.2f} to {len(matrix) / min(seconds) / 1e6:.2f})")
