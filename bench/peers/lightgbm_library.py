"""LightGBM through its C API; LIGHTGBM_LIBRARY names the shared library (NuGet package LightGBM)."""
import ctypes
import os
import sys

import numpy

DOUBLE = 1
FLOAT = 0
NORMAL = 0

try:
    _library = ctypes.CDLL(os.environ["LIGHTGBM_LIBRARY"])
except (KeyError, OSError) as missing:
    sys.exit(f"LightGBM: LIGHTGBM_LIBRARY must name lib_lightgbm.so of the NuGet package LightGBM ({missing}).")
_library.LGBM_GetLastError.restype = ctypes.c_char_p


def call(name, *arguments):
    if getattr(_library, name)(*arguments) != 0:
        raise RuntimeError(f"{name}: {_library.LGBM_GetLastError().decode()}")


def text(value):
    return ctypes.c_char_p(value.encode())


def pointer(array, kind=ctypes.c_void_p):
    return array.ctypes.data_as(kind)


class Booster:
    def __init__(self, path):
        self.handle = ctypes.c_void_p()
        iterations = ctypes.c_int()
        call("LGBM_BoosterCreateFromModelfile", text(path), ctypes.byref(iterations), ctypes.byref(self.handle))

    def predict(self, matrix):
        matrix = numpy.ascontiguousarray(matrix, numpy.float64)
        rows, columns = matrix.shape
        scores = numpy.empty(rows)
        length = ctypes.c_int64()
        call(
            "LGBM_BoosterPredictForMat", self.handle, pointer(matrix), DOUBLE, ctypes.c_int32(rows),
            ctypes.c_int32(columns), 1, NORMAL, 0, -1, text(""), ctypes.byref(length),
            pointer(scores, ctypes.POINTER(ctypes.c_double)))
        return scores

    def predict_file(self, source, target):
        call("LGBM_BoosterPredictForFile", self.handle, text(source), 1, NORMAL, 0, -1, text("verbosity=-1"), text(target))

    def dump(self):
        """The model as JSON."""
        size = ctypes.c_int64(1 << 20)
        while True:
            buffer = ctypes.create_string_buffer(size.value)
            needed = ctypes.c_int64()
            call("LGBM_BoosterDumpModel", self.handle, 0, -1, 0, size, ctypes.byref(needed), buffer)
            if needed.value <= size.value:
                return buffer.value.decode()
            size = needed


def train(matrix, names, labels, categorical, trees, leaves, leaf_rows, rate, path):
    matrix = numpy.ascontiguousarray(matrix, numpy.float64)
    labels = numpy.ascontiguousarray(labels, numpy.float32)
    rows, columns = matrix.shape
    settings = text(
        f"objective=binary num_leaves={leaves} learning_rate={rate} min_data_in_leaf={leaf_rows} verbosity=-1"
        + (" categorical_feature=" + ",".join(map(str, categorical)) if categorical else ""))
    data = ctypes.c_void_p()
    call(
        "LGBM_DatasetCreateFromMat", pointer(matrix), DOUBLE, ctypes.c_int32(rows), ctypes.c_int32(columns), 1, settings,
        None, ctypes.byref(data))
    call("LGBM_DatasetSetField", data, text("label"), pointer(labels), ctypes.c_int(rows), FLOAT)
    # With names, the prediction from a file finds its columns by them and passes over the label.
    call(
        "LGBM_DatasetSetFeatureNames", data, (ctypes.c_char_p * columns)(*[name.encode() for name in names]),
        ctypes.c_int(columns))
    booster = ctypes.c_void_p()
    call("LGBM_BoosterCreate", data, settings, ctypes.byref(booster))
    finished = ctypes.c_int()
    for _ in range(trees):
        call("LGBM_BoosterUpdateOneIter", booster, ctypes.byref(finished))
    call("LGBM_BoosterSaveModel", booster, 0, -1, 0, text(path))
