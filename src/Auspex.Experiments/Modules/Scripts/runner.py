# Runs a script's azureml_main on the tables that the host wrote, and writes back what it returns. See ColumnExchange.cs.
import datetime
import glob
import json
import os
import struct
import sys
import tempfile
import traceback

import numpy as np
import pandas as pd

MAGIC = b"AUSPEX1\n"
EPOCH_TICKS = 621355968000000000
NUMPY_TICKS = 92233720368547758  # beyond this many ticks from 1970, nanoseconds do not fit 64 bits
TYPES = {"Int32": np.int64, "Int64": np.int64, "DateTime": np.int64, "TimeSpan": np.int64, "Double": np.float64, "Boolean": np.bool_, "Category": np.int32}


class Refused(Exception):
    pass


def padded(n):
    return n + (-n & 7)


def read_table(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<q", data, len(MAGIC))
    at = len(MAGIC) + 8
    header = json.loads(data[at:at + length].decode("utf-8"))
    at += padded(length)
    series = []
    for column in header["columns"]:
        buffers = []
        for size in column["buffers"]:
            buffers.append(memoryview(data)[at:at + size])
            at += padded(size)
        mask = np.frombuffer(buffers[-1], dtype=np.uint8).astype(bool) if column["missing"] else None
        series.append(to_series(column, buffers, mask, header["rows"]))
    frame = pd.concat(series, axis=1) if series else pd.DataFrame(index=pd.RangeIndex(header["rows"]))
    frame.columns = [column["name"] for column in header["columns"]]
    return frame


def to_series(column, buffers, mask, rows):
    kind = column["type"]
    if kind == "String":
        offsets = np.frombuffer(buffers[0], dtype=np.int64)
        text = bytes(buffers[1])
        values = np.empty(rows, dtype=object)
        for i in range(rows):
            values[i] = None if mask is not None and mask[i] else text[offsets[i]:offsets[i + 1]].decode("utf-8")
        return pd.Series(values, dtype=object)
    values = np.frombuffer(buffers[0], dtype=TYPES[kind]).copy()
    if kind == "Category":
        levels = [to_level(column["levelType"], level) for level in column["levels"]]
        return pd.Series(pd.Categorical.from_codes(values, levels, ordered=column["ordered"]))
    if kind == "Boolean":
        if mask is None:
            return pd.Series(values)
        values = values.astype(object)
        values[mask] = None
        return pd.Series(values, dtype=object)
    if kind == "Double":
        if mask is not None:
            values[mask] = np.nan
        return pd.Series(values)
    if kind in ("Int32", "Int64"):
        if mask is None:
            return pd.Series(values.astype(np.int32) if kind == "Int32" else values)
        values = values.astype(np.float64)
        values[mask] = np.nan
        return pd.Series(values)
    ticks = values - EPOCH_TICKS if kind == "DateTime" else values
    present = ticks if mask is None else ticks[~mask]
    if present.size and (np.abs(present).max() >= NUMPY_TICKS):
        start = datetime.datetime(1970, 1, 1) if kind == "DateTime" else datetime.timedelta()
        objects = np.empty(rows, dtype=object)
        for i in range(rows):
            objects[i] = None if mask is not None and mask[i] else start + datetime.timedelta(microseconds=int(ticks[i]) // 10)
        return pd.Series(objects, dtype=object)
    unit = "datetime64[ns]" if kind == "DateTime" else "timedelta64[ns]"
    nanoseconds = ticks if mask is None else np.where(mask, 0, ticks)
    made = (nanoseconds * 100).view(unit)
    if mask is not None:
        made[mask] = np.array("NaT", dtype=unit)
    return pd.Series(made)


def to_level(kind, text):
    if kind in ("Int32", "Int64"):
        return int(text)
    if kind == "Double":
        return float(text)
    return text == "True" if kind == "Boolean" else text


def write_table(path, frame):
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused("the data frame has two columns named '%s'; names must be unique" % twice[0])
    columns, buffers = [], []
    for i, name in enumerate(names):
        kind, parts, mask, extra = from_series(name, frame.iloc[:, i])
        if mask is not None and not mask.any():
            mask = None
        if mask is not None:
            parts = parts + [mask.astype(np.uint8).tobytes()]
        columns.append(dict({"name": name, "type": kind, "missing": mask is not None, "buffers": [len(part) for part in parts]}, **extra))
        buffers += parts
    header = json.dumps({"rows": len(frame), "columns": columns}).encode("utf-8")
    with open(path, "wb") as file:
        file.write(MAGIC + struct.pack("<q", len(header)))
        for part in [header] + buffers:
            file.write(part)
            file.write(b"\0" * (-len(part) & 7))


def from_series(name, series):
    dtype = series.dtype
    mask = series.isna().to_numpy(dtype=bool)
    if isinstance(dtype, pd.CategoricalDtype):
        return from_category(name, series, mask)
    if isinstance(dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
        dtype = series.dtype
    if pd.api.types.is_bool_dtype(dtype) and dtype != object:
        return "Boolean", [series.fillna(False).to_numpy(dtype=np.uint8).tobytes()], mask, {}
    if pd.api.types.is_integer_dtype(dtype):
        return from_integers(series, mask)
    if pd.api.types.is_float_dtype(dtype):
        return "Double", [series.to_numpy(dtype=np.float64, na_value=np.nan).tobytes()], mask, {}
    if pd.api.types.is_datetime64_dtype(dtype):
        return "DateTime", [ticks(series, "datetime64[ns]", mask, EPOCH_TICKS)], mask, {}
    if pd.api.types.is_timedelta64_dtype(dtype):
        return "TimeSpan", [ticks(series, "timedelta64[ns]", mask, 0)], mask, {}
    if dtype == object or pd.api.types.is_string_dtype(dtype):
        return from_objects(name, series, mask)
    raise Refused("column '%s' is of type %s; expected numbers, truths, texts, dates, durations or categories" % (name, dtype))


def ticks(series, unit, mask, offset):
    nanoseconds = series.to_numpy(dtype=unit).view(np.int64)
    return np.where(mask, 0, nanoseconds // 100 + offset).astype(np.int64).tobytes()


def from_integers(series, mask):
    if len(series) and not mask.all() and int(series.max()) > 2**63 - 1:
        return "Double", [series.to_numpy(dtype=np.float64, na_value=np.nan).tobytes()], mask, {}
    values = series.fillna(0).to_numpy(dtype=np.int64) if mask.any() else series.to_numpy(dtype=np.int64)
    narrow = series.dtype.itemsize <= 4 and str(series.dtype).lower() != "uint32"
    return "Int32" if narrow else "Int64", [values.tobytes()], mask, {}


def from_category(name, series, mask):
    levels = list(series.cat.categories)
    if all(isinstance(level, str) for level in levels):
        kind, texts = "String", levels
    elif all(isinstance(level, (bool, np.bool_)) for level in levels):
        kind, texts = "Boolean", [str(bool(level)) for level in levels]
    elif all(isinstance(level, (int, np.integer)) for level in levels):
        kind, texts = "Int64", [str(int(level)) for level in levels]
    elif all(isinstance(level, (int, float, np.integer, np.floating)) for level in levels):
        kind, texts = "Double", [number(float(level)) for level in levels]
    else:
        kind, texts = "String", [str(level) for level in levels]
    codes = series.cat.codes.to_numpy(dtype=np.int32)
    return "Category", [codes.tobytes()], mask, {"levelType": kind, "levels": texts, "ordered": bool(series.cat.ordered)}


def number(value):
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def from_objects(name, series, mask):
    present = [value for value, missing in zip(series, mask) if not missing]
    every = lambda *types: bool(present) and all(isinstance(value, types) for value in present)
    if every(bool, np.bool_):
        return "Boolean", [np.array([False if missing else bool(value) for value, missing in zip(series, mask)], dtype=np.uint8).tobytes()], mask, {}
    if every(int, np.integer) and all(-2**63 <= int(value) < 2**63 for value in present):
        return "Int64", [np.array([0 if missing else int(value) for value, missing in zip(series, mask)], dtype=np.int64).tobytes()], mask, {}
    if every(int, float, np.integer, np.floating):
        return "Double", [np.array([np.nan if missing else float(value) for value, missing in zip(series, mask)], dtype=np.float64).tobytes()], mask, {}
    if every(datetime.date, np.datetime64):
        start = datetime.datetime(1970, 1, 1)
        return "DateTime", [np.array([0 if missing else since(as_time(value), start) + EPOCH_TICKS for value, missing in zip(series, mask)], dtype=np.int64).tobytes()], mask, {}
    if every(datetime.timedelta, np.timedelta64):
        return "TimeSpan", [np.array([0 if missing else pd.Timedelta(value).value // 100 if isinstance(value, np.timedelta64) else since(value, datetime.timedelta()) for value, missing in zip(series, mask)], dtype=np.int64).tobytes()], mask, {}
    for value in present:
        if not isinstance(value, (str, bool, int, float, np.generic, datetime.date, datetime.timedelta)):
            raise Refused("column '%s' holds a value of type %s; expected numbers, truths, texts, dates, durations or categories" % (name, type(value).__name__))
    texts = [b"" if missing else str(value).encode("utf-8", "replace") for value, missing in zip(series, mask)]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    return "String", [offsets.tobytes(), b"".join(texts)], mask, {}


def as_time(value):
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value).to_pydatetime()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if value.tzinfo else value
    return datetime.datetime(value.year, value.month, value.day)


def since(value, start):
    span = value - start
    return (span.days * 86400 + span.seconds) * 10**7 + span.microseconds * 10


def one_frame(result):
    if isinstance(result, pd.DataFrame):
        return result
    if isinstance(result, (tuple, list)) and len(result) >= 1 and isinstance(result[0], pd.DataFrame):
        return result[0]
    found = "%s of %d" % (type(result).__name__, len(result)) if isinstance(result, (tuple, list)) else type(result).__name__
    raise Refused("azureml_main returned %s; expected a sequence with one data frame, as in: return dataframe1," % found)


def save_figures(folder):
    if "matplotlib.pyplot" not in sys.modules:
        return
    import matplotlib.pyplot as plt
    for number_of in plt.get_fignums():
        plt.figure(number_of).savefig(os.path.join(folder, "figure %d.png" % number_of))


def wait():
    """Waits until the host says which folders the script has; without a word the host has gone."""
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    told = json.loads(line)
    os.chdir(told["work"])
    os.environ["HOME"] = os.environ["TMPDIR"] = told["work"]
    os.environ["PWD"] = told["work"]
    tempfile.tempdir = None
    sys.path[0] = told["exchange"]
    return told["exchange"]


def main():
    exchange = wait() if sys.argv[1] == "standby" else sys.argv[1]
    work = os.getcwd()
    loads_only = sys.argv[2:] == ["load-only"]
    report = {"status": "ok"}
    script = os.path.join(exchange, "script.py")
    try:
        with open(script, encoding="utf-8") as file:
            source = file.read()
        bundle = os.path.join(work, "Script Bundle")
        sys.path.insert(0, work)
        if os.path.isdir(bundle):
            sys.path.insert(0, bundle)
        sys.argv = [script]
        namespace = {"__name__": "azureml_script", "__file__": script, "pd": pd}
        exec(compile(source, "script", "exec"), namespace)
        if not callable(namespace.get("azureml_main")):
            raise Refused("the script defines no function azureml_main")
        if not loads_only:
            call(namespace["azureml_main"], exchange)
            save_figures(work)
    except MemoryError:
        report = {"status": "memory"}
    except Refused as refused:
        report = {"status": "failed", "message": str(refused), "line": None}
    except SystemExit as stop:
        report = {"status": "failed", "message": "the script ended itself with exit code %s" % stop.code, "line": None}
    except BaseException as failure:
        traceback.print_exc()
        lines = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if frame.filename == "script"]
        line = failure.lineno if isinstance(failure, SyntaxError) and failure.filename == "script" else (lines[-1] if lines else None)
        report = {"status": "failed", "message": "%s: %s" % (type(failure).__name__, failure), "line": line}
    report["version"] = "Python %d.%d.%d" % sys.version_info[:3]
    sys.stdout.flush()
    sys.stderr.flush()
    with open(os.path.join(exchange, "report.json"), "w", encoding="utf-8") as file:
        json.dump(report, file)


def call(function, exchange):
    inputs = [os.path.join(exchange, "in%d" % i) for i in (1, 2)]
    frames = [read_table(path) if os.path.exists(path) else None for path in inputs]
    code = function.__code__ if hasattr(function, "__code__") else None
    takes = 2 if code is None or code.co_flags & 4 else min(2, code.co_argcount)
    write_table(os.path.join(exchange, "out"), one_frame(function(*frames[:takes])))


main()
