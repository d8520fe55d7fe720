using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices.Scoring;

namespace Auspex.Server.WebServices;

/// <summary>A loaded version of a web service with whatever follows from its signature. Immutable and thread-safe.</summary>
internal sealed class LiveModel
{
    private static readonly IReadOnlyDictionary<string, string> NoParameters = new Dictionary<string, string>();

    private readonly Lazy<IRowTransform?> _boundWithDefaults;

    public LiveModel(WebServicePackage package, IWebServiceRuntime runtime)
    {
        Package = package;
        Runtime = runtime;
        Shape = new ServiceShape(runtime.Signature, runtime.OptionalColumns);
        // Binding fails for services that need parameters; a failure is not kept, and calls that bring them bind anew.
        _boundWithDefaults = new Lazy<IRowTransform?>(
            () => Bind(NoParameters), LazyThreadSafetyMode.PublicationOnly);
    }

    public WebServicePackage Package { get; }

    public IWebServiceRuntime Runtime { get; }

    public ServiceShape Shape { get; }

    /// <summary>The row-wise function from the only input to the only output; null when the graph is not like that.</summary>
    /// <exception cref="Experiments.Modules.ModuleException">A parameter does not fit.</exception>
    public IRowTransform? FindRowwise(IReadOnlyDictionary<string, string> parameters) =>
        !Shape.HasOneTableInAndOut ? null : parameters.Count == 0 ? _boundWithDefaults.Value : Bind(parameters);

    private IRowTransform? Bind(IReadOnlyDictionary<string, string> parameters) =>
        Runtime.BindRowwise(Shape.Inputs[0].Schema, parameters);
}
