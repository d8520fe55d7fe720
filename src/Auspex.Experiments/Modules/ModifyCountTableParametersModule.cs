using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Counting;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Modify Count Table Parameters": how counts become features.</summary>
internal sealed class ModifyCountTableParametersModule : IModule
{
    private const string Port = "Counting transform";
    private const string Garbage = "Garbage bin threshold";
    private const string Prior = "Additional prior pseudo examples";
    private const string Noise = "Laplacian noise scale";
    private const string Output = "Output features include";
    private const string IgnoreBackOff = "Ignore back off column";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Modify Count Table Parameters",
        Category = "Data Transformation/Learning with Counts",
        Inputs = [Declare.Transform(Port)],
        Outputs = [Declare.Transform("Modified transform")],
        Parameters =
        [
            Number(Garbage, "10"),
            Number(Prior, "42"),
            Number(Noise, "0"),
            Declare.Choice(Output, "BothCountsAndLogOdds", ["CountsOnly", "LogOddsOnly", "BothCountsAndLogOdds"]),
            Declare.Boolean(IgnoreBackOff, false),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var transform = CountTables.Of(context, Port);
        var parameters = context.Parameters;
        var output = parameters.Choice(Output);
        context.Set("Modified transform", new TransformValue(new CountingTransform(
            transform.Scheme,
            new CountingFeatures(
                parameters.Float(Garbage),
                parameters.Float(Prior),
                parameters.Float(Noise),
                output != "LogOddsOnly",
                output != "CountsOnly",
                !parameters.Boolean(IgnoreBackOff)),
            transform.Columns)));
        return Task.CompletedTask;
    }

    private static ModuleParameter Number(string name, string @default) =>
        new() { Name = name, Kind = ParameterKind.Float, Default = @default, Minimum = 0 };
}
