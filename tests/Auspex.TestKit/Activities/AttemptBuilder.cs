using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.TestKit.Activities;

/// <summary>Makes attempts for tests of executors, and keeps what they save and report.</summary>
public sealed class AttemptBuilder(string type, string typeProperties)
{
    private readonly Dictionary<string, LinkedServiceDefinition> _linkedServices = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DatasetDefinition> _datasets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checkpoints saved, in order.</summary>
    public List<JsonObject> Checkpoints { get; } = [];

    /// <summary>The overlay of the factory.</summary>
    public OverlayDefinition Overlay { get; set; } = new();

    /// <summary>The linked service of the activity.</summary>
    public string? LinkedService { get; set; } = "Ml";

    /// <summary>What an earlier process saved.</summary>
    public JsonObject? Checkpoint { get; set; }

    /// <summary>Why the token fired.</summary>
    public AttemptStopReason StopReason { get; set; }

    /// <summary>The dataset of <c>inputs</c>.</summary>
    public ResourceReference? Input { get; set; }

    /// <summary>The dataset of <c>outputs</c>.</summary>
    public ResourceReference? Output { get; set; }

    /// <summary>The folder of the factory.</summary>
    public string? Folder { get; set; }

    /// <summary>Timeout, retries and secrecy of the activity.</summary>
    public ActivityPolicy Policy { get; set; } = new();

    /// <summary>Credentials and the like.</summary>
    public List<OtherDefinition> Others { get; } = [];

    /// <summary>Adds a linked service to the factory.</summary>
    public AttemptBuilder WithLinkedService(string name, string serviceType, string properties)
    {
        _linkedServices[name] = new LinkedServiceDefinition
        {
            Name = name,
            Type = serviceType,
            TypeProperties = Parse(properties),
            Source = [],
        };
        return this;
    }

    /// <summary>Adds a dataset to the factory.</summary>
    public AttemptBuilder WithDataset(string name, string linkedService, string properties, string type = "AzureBlob", params string[] parameters)
    {
        _datasets[name] = new DatasetDefinition
        {
            Name = name,
            Type = type,
            LinkedServiceName = new ResourceReference(linkedService, "LinkedServiceReference"),
            TypeProperties = Parse(properties),
            Parameters = [.. parameters.Select(parameter => new ParameterDefinition(parameter, "String", false, null))],
            Source = [],
        };
        return this;
    }

    /// <summary>The attempt.</summary>
    public ActivityAttempt Build()
    {
        var activity = new ActivityDefinition
        {
            Name = "Score",
            Type = type,
            TypeProperties = Parse(typeProperties),
            Policy = Policy,
            Source = [],
        };
        return new ActivityAttempt
        {
            RunId = new RunId("6c5ee0a5-5d0f-4d3c-9a53-0f3d6ad2b1d4"),
            ActivityRunId = "bd1f2f0c-6f0a-4f6e-8b3a-0d9d2c1d7e11",
            Path = "Score",
            Activity = activity,
            Attempt = 1,
            IdempotencyKey = "6c5ee0a5/Score/1",
            TypeProperties = Parse(typeProperties),
            LinkedServiceName = LinkedService is null ? null : new ResourceReference(LinkedService, "LinkedServiceReference"),
            Inputs = Input is null ? [] : [Input],
            Outputs = Output is null ? [] : [Output],
            Factory = new FactoryDefinition
            {
                Name = "test",
                Folder = Folder,
                LinkedServices = _linkedServices.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase),
                Datasets = _datasets.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase),
                Overlay = Overlay,
                Others = [.. Others],
            },
            Checkpoint = Checkpoint,
            SaveCheckpointAsync = (checkpoint, _) =>
            {
                Checkpoints.Add(checkpoint);
                return Task.CompletedTask;
            },
            ReportProgress = _ => { },
            StopReason = () => StopReason,
        };
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
