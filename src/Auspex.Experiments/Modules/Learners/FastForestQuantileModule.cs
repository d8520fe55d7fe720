using System.Collections.Immutable;
using System.Globalization;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Forests;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Fast Forest Quantile Regression.</summary>
internal sealed class FastForestQuantileModule : LearnerModule
{
    private const string Trees = "Number of Trees";
    private const string Leaves = "Number of Leaves";
    private const string LeafRows = "Minimum number of training instances required to form a leaf";
    private const string Bagging = "Bagging fraction";
    private const string Features = "Feature fraction";
    private const string Splits = "Split fraction";
    private const string Sample = "Quantile sample count";
    private const string SampleOfRange = "Sample count used to estimate the quantiles";
    private const string Quantiles = "Quantiles to be estimated";
    private const string QuantilesOfRange = "Required quantile values";
    private const string DefaultQuantiles = "0.25; 0.5; 0.75";
    private const string Fractions = "0.25; 0.5; 0.75";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Fast Forest Quantile Regression",
        Category = "Machine Learning/Initialize Model/Regression",
        FamilyId = "b9064dc32d694e06b3076cebf324686a",
        Outputs = [Untrained],
        Parameters =
        [
            ModeChoice(),
            Single(Trees, ParameterKind.Integer, "100", 1),
            Single(Leaves, ParameterKind.Integer, "20", 2),
            Single(LeafRows, ParameterKind.Integer, "10", 1),
            Single(Bagging, ParameterKind.Float, "0.7", 0, 1, exclusive: true),
            Single(Features, ParameterKind.Float, "0.7", 0, 1, exclusive: true),
            Single(Splits, ParameterKind.Float, "0.7", 0, 1, exclusive: true),
            Single(Sample, ParameterKind.Integer, "100", 1),
            Declare.Text(Quantiles, DefaultQuantiles, when: Declare.When(Mode, SingleMode)),
            Range(Trees + " (range)", "16; 32; 64", 1, 256),
            Range(Leaves + " (range)", "16; 32; 64", 16, 128),
            Range("Minimum leaf (range)", "1; 5; 10", 1, 10, of: LeafRows),
            Range("Range for bagging fraction", Fractions, 0, 1, exclusive: true, of: Bagging),
            Range("Range for feature fraction", Fractions, 0, 1, exclusive: true, of: Features),
            Range("Range for split fraction", Fractions, 0, 1, exclusive: true, of: Splits),
            Declare.Integer(SampleOfRange, "100", 1, when: Declare.When(Mode, RangeMode)),
            Declare.Text(QuantilesOfRange, DefaultQuantiles, when: Declare.When(Mode, RangeMode)),
            SeedNumber,
            AllowUnknownLevels,
        ],
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new ForestOptions
        {
            Trees = values.Integer(Trees, isRange),
            Leaves = values.Integer(Leaves, isRange),
            LeafRows = values.Integer(LeafRows, isRange),
            RowFraction = values.Number(Bagging, isRange),
            ColumnFraction = values.Number(Features, isRange),
            SplitFraction = values.Number(Splits, isRange),
            LeafSample = values.Integer(isRange ? SampleOfRange : Sample),
            RandomSplits = null,
            Depth = int.MaxValue,
            Resamples = false,
        };
        var quantiles = ReadQuantiles(isRange ? QuantilesOfRange : Quantiles, values.Text(isRange ? QuantilesOfRange : Quantiles));
        options = options with { Seed = values.Seed() ?? options.Seed };
        return new DecisionForestLearner(
            Descriptor.Name, ModelTask.Quantile, options, quantiles, values.Boolean(AllowUnknown), values.Used);
    }

    private static ImmutableArray<double> ReadQuantiles(string name, string text)
    {
        var quantiles = new SortedSet<double>();
        foreach (var part in text.Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var quantile))
            {
                throw new ModuleException(2, $"'{name}' has '{part}'; expected numbers separated by semicolons, such as {DefaultQuantiles}.");
            }

            if (quantile is not (> 0 and < 1))
            {
                throw new ModuleException(8, $"'{name}' has {part}; quantiles must lie between 0 and 1.");
            }

            // Columns are named with three digits; closer ones would bear one name.
            quantiles.Add(Math.Clamp(Math.Round(quantile, 3), 0.001, 0.999));
        }

        return quantiles.Count > 0
            ? [.. quantiles]
            : throw new ModuleException(3, $"'{name}' is empty; give quantiles between 0 and 1, such as {DefaultQuantiles}.");
    }
}
