using Auspex.Server.Auth;
using Auspex.Server.WebServices.Scoring;

namespace Auspex.Server.WebServices;

/// <summary>An endpoint in memory. What it is at a moment is one immutable state, swapped as a whole.</summary>
internal sealed class LiveEndpoint
{
    private volatile EndpointState _current;

    public LiveEndpoint(EndpointDocument document, ModelHandle model)
    {
        _current = new EndpointState(document, model);
        Throttle = new CallThrottle(() => _current.Document.MaxConcurrentCalls);
    }

    /// <summary>Read once per call: keys, settings and model then belong together.</summary>
    public EndpointState Current => _current;

    public CallThrottle Throttle { get; }

    /// <summary>What was served before the last change, kept loaded for a rollback; null for none.</summary>
    public ModelHandle? Previous { get; private set; }

    /// <summary>Changes what calls see from now on. One change at a time.</summary>
    public void Swap(EndpointDocument document, ModelHandle model, bool keepPrevious)
    {
        if (_current.Model != model)
        {
            Previous = keepPrevious ? _current.Model : null;
        }

        _current = new EndpointState(document, model);
    }
}

/// <summary>An endpoint's settings and the model that it serves.</summary>
internal sealed class EndpointState(EndpointDocument document, ModelHandle model)
{
    private readonly SecretHash _primary = SecretHash.FromBase64(document.PrimaryKeyHash);
    private readonly SecretHash _secondary = SecretHash.FromBase64(document.SecondaryKeyHash);

    public EndpointDocument Document { get; } = document;

    public ModelHandle Model { get; } = model;

    /// <summary>Whether this is the primary or the secondary key; takes the same time either way.</summary>
    public bool Accepts(string key) => SecretHash.IsEither(_primary, _secondary, key);
}
