using Auspex.Definitions;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;

namespace Auspex.Tests.Experiments.WebServices;

/// <summary>Small web services of fake modules.</summary>
internal sealed class ServiceHarness
{
    public const string Predictive = """
        { "name": "p",
          "parameters": { "Amount": { "type": "Int", "links": [ "plus.Amount" ], "default": 1 },
                          "Key": { "type": "Credential", "links": [ "data.Password" ], "default": "hush" } },
          "nodes": {
            "data": { "module": "Numbers", "parameters": { "Password": "psst" } },
            "in": { "module": "Web Service Input", "inputs": { "Dataset": "data" }, "parameters": { "Name": "rows" } },
            "plus": { "module": "Add", "inputs": { "Dataset": "in" } },
            "fit": { "transform": "The shift" },
            "apply": { "module": "Apply Transformation", "inputs": { "Transformation": "fit", "Dataset": "plus" } },
            "model": { "trainedModel": "The model" },
            "score": { "module": "Fake Scorer", "inputs": { "Trained model": "model", "Dataset": "apply" } } },
          "webServiceOutputs": { "scored": "score" } }
        """;

    public const string Joining = """
        { "name": "j",
          "nodes": {
            "people": { "module": "Numbers", "parameters": { "Values": "1;2;3" } },
            "lookup": { "module": "Numbers", "parameters": { "Values": "10" } },
            "twice": { "module": "Add", "inputs": { "Dataset": "lookup" }, "parameters": { "Amount": 10 } },
            "pair": { "module": "Pair", "inputs": { "Left": "people", "Right": "twice" } },
            "model": { "trainedModel": "The model" },
            "score": { "module": "Fake Scorer", "inputs": { "Trained model": "model", "Dataset": "pair.Results dataset" } },
            "total": { "module": "Sum", "inputs": { "Dataset": "score" } } },
          "webServiceInputs": { "input1": "people" },
          "webServiceOutputs": { "output1": "score", "output2": "total" } }
        """;

    private readonly KnownAssets _assets = new(
        (new AssetReference(AssetKind.Transform, "The shift"), new TransformValue(new ShiftTransform(2, false))),
        (new AssetReference(AssetKind.TrainedModel, "The model"), new ModelValue(FakeModels.Create("x", "x", 100))));

    public ExperimentHarness Experiments { get; } = new();

    public Task<ExperimentRunResult> RunAsync(string json) => Experiments.RunAsync(json, request => request with { Assets = _assets });

    public async Task<WebServicePackage> PackageAsync(string json) =>
        await new WebServicePackager(Experiments.Values).PackageAsync(await RunAsync(json), exposeSample: true, CancellationToken.None);

    public Task<WebServiceRuntime> LoadAsync(WebServicePackage package) =>
        WebServiceRuntime.LoadAsync(package, Experiments.Catalog, Experiments.Values, CancellationToken.None);

    private sealed class KnownAssets(params (AssetReference Asset, PortValue Value)[] assets) : IAssetSource
    {
        public Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken) => Task.FromResult(
            assets.Where(known => known.Asset == asset).Select(known => new LoadedAsset(known.Value, known.Asset.Name)).FirstOrDefault());
    }
}
