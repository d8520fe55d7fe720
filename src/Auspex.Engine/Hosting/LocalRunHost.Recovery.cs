using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.Hosting;

public sealed partial class LocalRunHost
{
    /// <summary>The beginning of a run that repeats another: its arguments, its group.</summary>
    private async Task<RunCreated> RecoverAsync(
        PipelineRunRequest request, RunRecovery recovery, CancellationToken cancellationToken)
    {
        var reference = await FindReferenceAsync(request, recovery, cancellationToken);
        await _vault.LoadAsync(reference.Parameters, cancellationToken);
        var arguments = reference.Parameters.ParseObject() ?? [];
        if (reference.SecureParameters is { } secure)
        {
            await _vault.LoadAsync(secure, cancellationToken);
            foreach (var (name, value) in secure.ParseObject() ?? [])
            {
                arguments[name] = value?.DeepClone();
            }
        }

        // One secret among the arguments keeps all of them secret: which one it was, the pipeline of today need not say.
        var created = await CreateAsync(request with { Parameters = arguments }, reference.SecureParameters is not null);
        return recovery.IsGrouped ? created with { GroupId = reference.GroupId ?? reference.RunId } : created;
    }

    private async Task<RunCreated> FindReferenceAsync(
        PipelineRunRequest request, RunRecovery recovery, CancellationToken cancellationToken)
    {
        var summary = await _journal.FindAsync(recovery.Reference, cancellationToken);
        if (summary is null
            || !summary.Factory.Equals(request.Factory, StringComparison.OrdinalIgnoreCase)
            || !summary.Pipeline.Equals(request.Pipeline.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused($"There is no run '{recovery.Reference}' of pipeline '{request.Pipeline.Name}' to repeat.");
        }

        if (summary.IsOpen)
        {
            throw Refused($"Run '{recovery.Reference}' has not ended. Wait for it or cancel it before it is repeated.");
        }

        if (recovery is not { FromActivity: null, FromFailure: false })
        {
            // Running everything instead would do a second time what the caller asked to leave alone.
            throw Refused("Repeating a run from one of its activities is not supported. Repeat all of it, or start a new run.");
        }

        await foreach (var first in _loader.ReadAsync(recovery.Reference, 0, cancellationToken))
        {
            return (RunCreated)first;
        }

        throw Refused($"The journal of run '{recovery.Reference}' is gone.");
    }

    private static RunRejectedException Refused(string message) => new(ErrorCode.RecoveryImpossible, message);
}
