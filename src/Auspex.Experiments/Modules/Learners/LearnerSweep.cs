using System.Collections.Immutable;
using System.Globalization;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>What of a learner can be swept over, and how to make it with other numbers.</summary>
/// <param name="Parameters">In the order of the module; none where the module has no ranges.</param>
/// <param name="IsClassifier">Whether the learner predicts classes.</param>
/// <param name="Create">Makes the learner with these numbers, a number for each of the parameters.</param>
internal sealed record LearnerSweep(
    ImmutableArray<SweptParameter> Parameters,
    bool IsClassifier,
    Func<IReadOnlyList<double>, ILearner> Create)
{
    /// <summary>
    /// The sweep of a learner's module: the ranges that were given in range mode, else the module's default ranges. Null where
    /// the module has no ranges, or its other parameters hide them.
    /// </summary>
    public static LearnerSweep? Of(LearnerModule module, ModuleParameters parameters)
    {
        var descriptor = module.Descriptor;
        if (descriptor.Parameters.All(parameter => parameter.Kind != ParameterKind.ParameterRange) || !ModeCounts(descriptor, parameters))
        {
            return null;
        }

        var isRange = parameters.Choice(LearnerDeclarations.Mode) == LearnerDeclarations.RangeMode;
        var swept = Pairs(descriptor)
            .Select(pair => Read(pair.Single, pair.Range, isRange ? parameters.Text(pair.Range.Name) : pair.Range.Default, isRange))
            .OfType<SweptParameter>()
            .ToImmutableArray();
        return new LearnerSweep(
            swept,
            descriptor.Category.EndsWith("Classification", StringComparison.Ordinal),
            numbers => module.Create(parameters.With(
            [
                .. isRange && module.SweepsInRangeMode
                    ? Array.Empty<KeyValuePair<string, string>>()
                    : [KeyValuePair.Create(LearnerDeclarations.Mode, LearnerDeclarations.SingleMode)],
                .. swept.Zip(numbers, (parameter, number) => KeyValuePair.Create(
                    isRange && module.SweepsInRangeMode ? RangeOf(descriptor, parameter.Name) : parameter.Name,
                    number.ToString("R", CultureInfo.InvariantCulture))),
            ])));
    }

    private static string RangeOf(ModuleDescriptor descriptor, string single) =>
        descriptor.Parameters.First(parameter => parameter.RangeOf == single).Name;

    private static SweptParameter? Read(ModuleParameter single, ModuleParameter range, string? text, bool isGiven)
    {
        try
        {
            return text is null ? null : SweptParameter.Read(single.Name, single.Kind == ParameterKind.Integer, range, text);
        }
        catch (ModuleException) when (!isGiven)
        {
            // A default that lists no numbers is not swept over; nobody asked for it.
            return null;
        }
    }

    // Least squares has no mode: its ranges are those of gradient descent.
    private static bool ModeCounts(ModuleDescriptor descriptor, ModuleParameters parameters) =>
        descriptor.Parameters.FirstOrDefault(parameter => parameter.Name == LearnerDeclarations.Mode) is { } mode
        && (mode.VisibleWhen is not { } condition || condition.Values.Contains(parameters.Choice(condition.Parameter)));

    /// <summary>Each range with the parameter whose values it lists.</summary>
    private static IEnumerable<(ModuleParameter Single, ModuleParameter Range)> Pairs(ModuleDescriptor descriptor) =>
        from range in descriptor.Parameters
        where range.RangeOf is not null
        join single in descriptor.Parameters on range.RangeOf equals single.Name
        select (single, range);
}
