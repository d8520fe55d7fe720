using System.Runtime.InteropServices;

namespace Auspex.Scenarios.Import;

/// <summary>LightGBM itself, through its C interface; the package LightGBM brings the library for some platforms.</summary>
internal sealed partial class LightGbmLibrary : IDisposable
{
    private const string Library = "lib_lightgbm";
    private const int Doubles = 1;
    private const int Singles = 0;

    private readonly nint _booster;

    private LightGbmLibrary(nint booster) => _booster = booster;

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? Absence { get; } = FindAbsence();

    /// <summary>Trains on rows whose label stands beside them.</summary>
    public static LightGbmLibrary Train(double[][] rows, float[] labels, string parameters, int iterations)
    {
        Check(DatasetCreateFromMat([.. rows.SelectMany(row => row)], Doubles, rows.Length, rows[0].Length, 1, parameters, 0, out var data));
        Check(DatasetSetField(data, "label", labels, labels.Length, Singles));
        Check(BoosterCreate(data, parameters, out var booster));
        for (var i = 0; i < iterations; i++)
        {
            Check(BoosterUpdateOneIter(booster, out _));
        }

        Check(DatasetFree(data));
        return new LightGbmLibrary(booster);
    }

    /// <summary>Loads a model's text.</summary>
    public static LightGbmLibrary Load(string text)
    {
        Check(BoosterLoadModelFromString(text, out _, out var booster));
        return new LightGbmLibrary(booster);
    }

    /// <summary>The model's text.</summary>
    public string Save()
    {
        Check(BoosterSaveModelToString(_booster, 0, -1, 0, 0, out var length, []));
        var text = new byte[length];
        Check(BoosterSaveModelToString(_booster, 0, -1, 0, length, out _, text));
        return System.Text.Encoding.UTF8.GetString(text.AsSpan(0, (int)length - 1));
    }

    /// <summary>Per output the scores of all rows, as predicted or, raw, as summed.</summary>
    public double[][] Predict(double[][] rows, int outputs, bool raw)
    {
        var scores = new double[rows.Length * outputs];
        Check(BoosterPredictForMat(
            _booster, [.. rows.SelectMany(row => row)], Doubles, rows.Length, rows[0].Length, 1, raw ? 1 : 0, 0, -1, "", out _, scores));
        return [.. Enumerable.Range(0, outputs).Select(output => Enumerable.Range(0, rows.Length).Select(row => scores[(row * outputs) + output]).ToArray())];
    }

    public void Dispose() => Check(BoosterFree(_booster));

    private static string? FindAbsence()
    {
        try
        {
            return NativeLibrary.TryLoad(Library, typeof(LightGbmLibrary).Assembly, null, out _)
                ? null
                : "The package LightGBM has no library for this platform, or OpenMP (Debian: libgomp1) is not installed.";
        }
        catch (BadImageFormatException exception)
        {
            return exception.Message;
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8(GetLastError()));
        }
    }

    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    private static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromMat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int DatasetCreateFromMat(
        double[] data, int type, int rows, int columns, int isRowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int DatasetSetField(nint dataset, string name, float[] values, int count, int type);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetFree")]
    private static partial int DatasetFree(nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int BoosterCreate(nint dataset, string parameters, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterLoadModelFromString", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int BoosterLoadModelFromString(string text, out int iterations, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    private static partial int BoosterUpdateOneIter(nint booster, out int isFinished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterSaveModelToString")]
    private static partial int BoosterSaveModelToString(
        nint booster, int start, int count, int importance, long room, out long length, [Out] byte[] text);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int BoosterPredictForMat(
        nint booster, double[] data, int type, int rows, int columns, int isRowMajor, int kind, int start, int count,
        string parameters, out long length, [Out] double[] scores);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    private static partial int BoosterFree(nint booster);
}
