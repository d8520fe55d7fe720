namespace Auspex.Experiments.Modules.Learners;

/// <summary>Parameters that several learners have, and pairs of one value and a range to sweep over.</summary>
internal static class LearnerDeclarations
{
    public const string Mode = "Create trainer mode";
    public const string SingleMode = "Single Parameter";
    public const string RangeMode = "Parameter Range";
    public const string Seed = "Random number seed";
    public const string AllowUnknown = "Allow unknown categorical levels";

    public const string AllowUnknownInForests = "Allow unknown values for categorical features";
    public const string ResamplingMethod = "Resampling method";
    public const string Bagging = "Bagging Resampling";

    public static ModulePort Untrained => new(LearnerModule.OutputPort, PortType.ILearner);

    public static ModuleParameter ModeChoice(ParameterVisibility? when = null) =>
        Declare.Choice(Mode, SingleMode, [SingleMode, RangeMode], when: when);

    public static ModuleParameter SeedNumber => new() { Name = Seed, Kind = ParameterKind.Integer, IsOptional = true };

    public static ModuleParameter AllowUnknownLevels =>
        Declare.Boolean(AllowUnknown, true, "Allow unknown levels in categorical features");

    public static ModuleParameter AllowUnknownValues => Declare.Boolean(AllowUnknownInForests, true);

    public static ModuleParameter Resampling =>
        Declare.Choice(ResamplingMethod, Bagging, [Bagging, "Replicate Resampling"]);

    /// <summary>A number that counts while the mode is one value.</summary>
    public static ModuleParameter Single(
        string name,
        ParameterKind kind,
        string @default,
        double minimum,
        double? maximum = null,
        bool exclusive = false,
        string? graphName = null) =>
        new()
        {
            Name = name,
            Kind = kind,
            Default = @default,
            Minimum = minimum,
            Maximum = maximum,
            MinimumIsExclusive = exclusive,
            GraphName = graphName,
            VisibleWhen = Declare.When(Mode, SingleMode),
        };

    /// <summary>A list of numbers that counts while the mode is a range; bounds are those of each number.</summary>
    /// <param name="name">The label.</param>
    /// <param name="default">The list; null for none.</param>
    /// <param name="minimum">The least number allowed.</param>
    /// <param name="maximum">The greatest number allowed.</param>
    /// <param name="exclusive">Whether the least is refused.</param>
    /// <param name="graphName">The name in exported graphs.</param>
    /// <param name="of">The parameter that it lists values of; null takes the label less its end " (range)".</param>
    public static ModuleParameter Range(
        string name,
        string? @default,
        double minimum,
        double? maximum = null,
        bool exclusive = false,
        string? graphName = null,
        string? of = null) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.ParameterRange,
            Default = @default,
            Minimum = minimum,
            Maximum = maximum,
            MinimumIsExclusive = exclusive,
            GraphName = graphName,
            VisibleWhen = Declare.When(Mode, RangeMode),
            RangeOf = of ?? name.Replace(" (range)", "", StringComparison.Ordinal),
        };
}
