namespace Auspex.Experiments.Compilation;

/// <summary>
/// Tells the two modules apart that stand for a web service's ends; the graph gives them their meaning.
/// </summary>
internal static class WebServiceModules
{
    public const string InputName = "Web Service Input";
    public const string OutputName = "Web Service Output";
    public const string NameParameter = "Name";

    public static bool IsInput(CompiledNode node) => node.Module?.Descriptor.Name == InputName;

    /// <summary>Takes any kind of value, unlike its descriptor says: a retraining service gives out a model.</summary>
    public static bool IsOutput(CompiledNode node) => node.Module?.Descriptor.Name == OutputName;
}
