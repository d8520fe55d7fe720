using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training;

/// <summary>What a learner is to predict, row by row: numbers, or indexes into the classes.</summary>
/// <param name="Numbers">The number, or the class index; NaN where the label is missing.</param>
/// <param name="Classes">The classes in order, as invariant text; none for regression.</param>
/// <param name="Profile">What the label column held, rows without a label included.</param>
internal sealed record Targets(double[] Numbers, ImmutableArray<string> Classes, ColumnProfile Profile)
{
    // A class costs a set of weights; more than this is a number or an identifier.
    private const int MostClasses = 10_000;

    /// <summary>Reads a label column. Classes are ordered: false before true, numbers ascending, text by ordinal comparison.</summary>
    public static Targets Read(Column column, TableField field, ModelTask task)
    {
        if (field.Type is ColumnType.DateTime or ColumnType.TimeSpan && !field.IsCategorical)
        {
            throw new ModuleException(
                23, $"Label column '{field.Name}' is of type {field.Type}; expected numbers{(task == ModelTask.Regression ? "" : ", Booleans or text")}.");
        }

        return task == ModelTask.Regression ? ReadNumbers(column, field) : ReadClasses(column, field);
    }

    /// <summary>The rows that have a label.</summary>
    public int[] LabelledRows() => [.. Enumerable.Range(0, Numbers.Length).Where(row => !double.IsNaN(Numbers[row]))];

    /// <summary>These rows; classes that none of them has are dropped.</summary>
    public Targets Take(int[] rows)
    {
        double[] numbers = [.. rows.Select(row => Numbers[row])];
        if (Classes.IsEmpty)
        {
            return this with { Numbers = numbers };
        }

        int[] present = [.. numbers.Distinct().Select(number => (int)number).Order()];
        return this with
        {
            Numbers = [.. numbers.Select(number => (double)Array.BinarySearch(present, (int)number))],
            Classes = [.. present.Select(index => Classes[index])],
        };
    }

    /// <summary>Checks that there are as many classes as the task needs.</summary>
    public void CheckClasses(TableField field, ModelTask task)
    {
        if (task == ModelTask.Binary && Classes.Length != 2)
        {
            throw new ModuleException(
                83, $"Label column '{field.Name}' has {Count(Classes.Length)}; a two-class learner needs exactly two.");
        }

        if (task == ModelTask.Multiclass && Classes.Length is < 2 or > MostClasses)
        {
            throw new ModuleException(
                83, $"Label column '{field.Name}' has {Count(Classes.Length)}; a multiclass learner needs 2 to {MostClasses}.");
        }

        static string Count(int classes) => classes == 1 ? "one distinct value" : $"{classes} distinct values";
    }

    private static Targets ReadNumbers(Column column, TableField field)
    {
        if (!field.IsNumeric || field.IsCategorical)
        {
            throw new ModuleException(
                23, $"Label column '{field.Name}' is {(field.IsCategorical ? "categorical" : $"of type {field.Type}")}; a regression "
                + "learner needs a numeric label that is not categorical.");
        }

        var numbers = new double[column.Length];
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = column.IsNull(row) ? double.NaN : column is DoubleColumn doubles ? doubles.Values[row] : ((Int64Column)column).Values[row];
            if (double.IsInfinity(numbers[row]))
            {
                throw new ModuleException(33, $"Label column '{field.Name}' has an infinite value; expected finite numbers.");
            }
        }

        var tally = new ColumnTally();
        tally.Add(numbers);
        return new Targets(numbers, [], tally.ToProfile());
    }

    private static Targets ReadClasses(Column column, TableField field)
    {
        var numbers = new double[column.Length];
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = new LabelTexts(column);
        for (var row = 0; row < numbers.Length; row++)
        {
            if (texts.Text(row) is not { } text)
            {
                numbers[row] = double.NaN;
                continue;
            }

            if (!indexes.TryGetValue(text, out var index))
            {
                index = indexes.Count;
                indexes.Add(text, index);
            }

            numbers[row] = index;
        }

        string[] ordered = [.. InOrder(indexes.Keys, field.Type)];
        var places = new int[ordered.Length];
        for (var i = 0; i < ordered.Length; i++)
        {
            places[indexes[ordered[i]]] = i;
        }

        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = double.IsNaN(numbers[row]) ? double.NaN : places[(int)numbers[row]];
        }

        return new Targets(numbers, [.. ordered], new ColumnProfile(numbers.Length, numbers.Count(double.IsNaN)));
    }

    private static IEnumerable<string> InOrder(IEnumerable<string> classes, ColumnType type) =>
        type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double
            ? classes.OrderBy(text => double.Parse(text, CultureInfo.InvariantCulture)).ThenBy(text => text, StringComparer.Ordinal)
            : classes.Order(StringComparer.Ordinal);
}
