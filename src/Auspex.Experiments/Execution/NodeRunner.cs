using System.Collections.Immutable;
using System.Globalization;
using Auspex.Errors;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Execution;

/// <summary>
/// Runs one node: takes a kept result, loads a saved asset, or runs the module and keeps what it gave.
/// </summary>
internal sealed class NodeRunner(ExperimentRunRequest request)
{
    /// <summary>Never throws: whatever happens becomes the node's outcome.</summary>
    public async Task<NodeOutcome> RunAsync(NodeAttempt attempt, CancellationToken cancellationToken)
    {
        var node = attempt.Node;
        var clock = request.Services.Clock;
        var started = clock.GetUtcNow();
        var stamp = clock.GetTimestamp();
        var log = ImmutableArray.CreateBuilder<string>();
        Report(node, NodeStatus.Running);
        NodeOutcome outcome;
        try
        {
            outcome = await RunCoreAsync(attempt, log, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            log.Add("Cancelled.");
            outcome = NodeOutcome.Without(NodeStatus.Canceled);
        }
        catch (Exception exception) when (ToModuleException(exception, node) is { } error)
        {
            // A module's attempt: whatever it throws is this node's failure, and its siblings go on.
            log.Add(string.Create(CultureInfo.InvariantCulture, $"Error {error.Number:D4}: {error.Message}"));
            outcome = NodeOutcome.Without(NodeStatus.Failed) with { Error = error };
        }

        Report(node, outcome.Status, outcome.Error?.Message);
        return outcome with { Node = node, Started = started, Elapsed = clock.GetElapsedTime(stamp), Log = log.ToImmutable() };
    }

    private async Task<NodeOutcome> RunCoreAsync(
        NodeAttempt attempt, ImmutableArray<string>.Builder log, CancellationToken cancellationToken)
    {
        var node = attempt.Node;
        if (node.Asset is { } asset)
        {
            var loaded = request.Assets is null ? null : await request.Assets.FindAsync(asset, cancellationToken);
            if (loaded is null)
            {
                throw new AssetMissingException(
                    $"There is no saved {WordFor(asset.Kind)} named '{asset.Name}'; save it ('auspex experiment upload FILE --name NAME'), or correct the name.");
            }

            return Finished(loaded.ContentId, new Dictionary<string, PortValue> { [node.Outputs[0].Name] = loaded.Value });
        }

        if (WebServiceModules.IsOutput(node))
        {
            // Stands for a port and takes any kind of value, so there is nothing to run.
            var passed = attempt.Inputs.Values.Single();
            return Finished(attempt.InputIds.Single().ResultId, node.Outputs.ToDictionary(port => port.Name, _ => passed));
        }

        var descriptor = node.Module!.Descriptor;
        var key = request.Cache is null ? null : ResultKeys.Of(node, attempt.Parameters, attempt.InputIds);
        if (key is not null && ResultKeys.MayReuse(descriptor, attempt.Parameters)
            && await request.Cache!.FindAsync(key, cancellationToken) is { } cached)
        {
            log.Add("Nothing changed since an earlier run; its result is used.");
            return Finished(cached.ResultId, cached.Outputs) with { IsFromCache = true };
        }

        var services = request.Services with
        {
            ReportProgress = (message, done, total) => Report(node, NodeStatus.Running, message, done, total),
        };
        var context = new ModuleContext(attempt.Inputs, new ModuleParameters(descriptor, attempt.Parameters), services);
        Describe(attempt.Inputs, "in", log);
        await node.Module.RunAsync(context, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        log.AddRange(context.Log);
        Describe(context.Outputs, "out", log);
        var missing = node.Outputs.FirstOrDefault(port => !context.Outputs.ContainsKey(port.Name));
        if (missing is not null)
        {
            throw new InvalidOperationException($"{descriptor.Name} set no value at its output port '{missing.Name}'.");
        }

        request.OnValues?.Invoke(node, attempt.Inputs, context.Outputs);
        if (key is null)
        {
            return Finished("", context.Outputs);
        }

        var resultId = await ResultIdAsync(attempt, key, context.Outputs, cancellationToken);
        await KeepAsync(key, new CachedResult(resultId, context.Outputs), log, cancellationToken);
        return Finished(resultId, context.Outputs);
    }

    private static async Task<string> ResultIdAsync(
        NodeAttempt attempt, string key, IReadOnlyDictionary<string, PortValue> outputs, CancellationToken cancellationToken)
    {
        var descriptor = attempt.Node.Module!.Descriptor;
        if (!descriptor.IsDeterministic)
        {
            // The same data from outside must not make everything downstream run again.
            var hashes = new List<string>();
            foreach (var (_, value) in outputs.OrderBy(output => output.Key, StringComparer.Ordinal))
            {
                hashes.Add(value is TableValue { Table: var table }
                    ? await TableFile.HashAsync(table, cancellationToken)
                    : Guid.NewGuid().ToString("N"));
            }

            return string.Join('+', hashes);
        }

        return attempt.IsClockSeeded ? Guid.NewGuid().ToString("N") : key;
    }

    private async Task KeepAsync(
        string key, CachedResult result, ImmutableArray<string>.Builder log, CancellationToken cancellationToken)
    {
        try
        {
            await request.Cache!.PutAsync(key, result, cancellationToken);
        }
        catch (IOException)
        {
            // A full disk takes away the speed of the next run, not this result.
            log.Add("The result could not be kept for later runs; the disk may be full.");
        }
    }

    private static ModuleException ToModuleException(Exception exception, CompiledNode node)
    {
        var module = node.DisplayName;
        return exception switch
        {
            ModuleException failed => new ModuleException(failed.Number, failed.Message, failed) { Node = node.Id, Module = module },
            AssetMissingException missing => new ModuleException(3, missing.Message) { Node = node.Id, Module = module },
            AuspexException known => new ModuleException(1000, known.Message, known) { Node = node.Id, Module = module },
            OutOfMemoryException => new ModuleException(
                138, $"{module} ran out of memory; give it fewer rows or columns.", exception)
            {
                Node = node.Id,
                Module = module,
            },

            // The text of a foreign exception may hold values of rows, so only its type is told; the rest is attached.
            _ => new ModuleException(1000, $"{module} failed unexpectedly ({exception.GetType().Name}).", exception)
            {
                Node = node.Id,
                Module = module,
            },
        };
    }

    private void Report(CompiledNode node, NodeStatus status, string? message = null, long done = 0, long? total = null) =>
        request.OnUpdate?.Invoke(new NodeUpdate(node.Id, node.DisplayName, status, message, done, total));

    private static NodeOutcome Finished(string resultId, IReadOnlyDictionary<string, PortValue> outputs) =>
        NodeOutcome.Without(NodeStatus.Finished) with { ResultId = resultId, Outputs = outputs };

    private static void Describe(
        IReadOnlyDictionary<string, PortValue> values, string direction, ImmutableArray<string>.Builder log)
    {
        foreach (var (port, value) in values.OrderBy(value => value.Key, StringComparer.Ordinal))
        {
            log.Add(value is TableValue { Table: var table }
                ? string.Create(CultureInfo.InvariantCulture, $"{direction} '{port}': {table.RowCount} rows, {table.Columns.Length} columns")
                : $"{direction} '{port}': {value.Kind}");
        }
    }

    private static string WordFor(Definitions.AssetKind kind) => kind switch
    {
        Definitions.AssetKind.TrainedModel => "trained model",
        Definitions.AssetKind.Transform => "transform",
        _ => "dataset",
    };

    private sealed class AssetMissingException(string message) : AuspexException(ErrorCode.AssetNotFound, message);
}

/// <summary>All that a node needs to run.</summary>
internal sealed record NodeAttempt(
    CompiledNode Node,
    IReadOnlyDictionary<string, PortValue> Inputs,
    ImmutableArray<(string Port, string ResultId)> InputIds,
    ImmutableSortedDictionary<string, string> Parameters,
    bool IsClockSeeded);

/// <summary>What became of a node.</summary>
internal sealed record NodeOutcome(CompiledNode Node, NodeStatus Status, string ResultId, IReadOnlyDictionary<string, PortValue> Outputs)
{
    public bool IsFromCache { get; init; }

    public DateTimeOffset? Started { get; init; }

    public TimeSpan Elapsed { get; init; }

    public ModuleException? Error { get; init; }

    public ImmutableArray<string> Log { get; init; } = [];

    public static NodeOutcome Without(NodeStatus status, CompiledNode? node = null) =>
        new(node!, status, "", ImmutableDictionary<string, PortValue>.Empty);

    public NodeRun ToRun() =>
        new(Node.Id, Node.DisplayName, Status, IsFromCache, Started, Elapsed, Error, Log);
}
