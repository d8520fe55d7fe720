namespace Auspex.Experiments.Modules.Learners;

/// <summary>Parameters that several learners have, and pairs of one value and a range to sweep over.</summary>
internal static class LearnerDeclarations
{
    public const string Mode = "Create trainer mode";
    public const string SingleMode = "Single Parameter";
    public const string RangeMode = "Parameter Range";
    public const string Seed = "Random number seed";
    public const string AllowUnknown = "Allow unknown categorical levels";

    public static ModulePort Untrained => new(LearnerModule.OutputPort, PortType.ILearner);

    public static ModuleParameter ModeChoice(ParameterVisibility? when = null) =>
        Declare.Choice(Mode, SingleMode, [SingleMode, RangeMode], when: when);

    public static ModuleParameter SeedNumber => new() { Name = Seed, Kind = ParameterKind.Integer, IsOptional = true };

    public static ModuleParameter AllowUnknownLevels =>
        Declare.Boolean(AllowUnknown, true, "Allow unknown levels in categorical features");

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
    public static ModuleParameter Range(
        string name, string @default, double minimum, double? maximum = null, bool exclusive = false, string? graphName = null) =>
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
        };
}
