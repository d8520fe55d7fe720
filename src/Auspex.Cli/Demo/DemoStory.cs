using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Client;
using Auspex.Cli.Commands;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.WebServices;
using Auspex.Server;

namespace Auspex.Cli.Demo;

/// <summary>The demo, step by step: data, training, publishing, batch scoring, a database, retraining.</summary>
internal sealed class DemoStory(DemoFactory factory, int rows, TextWriter output)
{
    private const string Training = "Income training";
    private const string Scoring = "Income scoring";
    private const string DatabaseScoring = "Income database";

    private static readonly string[] ShownMetrics = ["Accuracy", "AUC", "F-Score"];

    private readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>Writes the factory and its data.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        factory.WriteFiles();
        new DemoPeople(seed: 1, shift: 0).Write(factory.Blob("amltest/training/people.csv"), rows, withIncome: true);
        new DemoPeople(seed: 2, shift: 0.8).Write(factory.Blob("amltest/training/people-new.csv"), rows, withIncome: true);
        new DemoPeople(seed: 3, shift: 0.8).Write(factory.Blob("amltest/input/in1.csv"), rows, withIncome: false);
        await File.WriteAllTextAsync(factory.Blob("amltest/input/in2.csv"), DemoPeople.RegionTable, cancellationToken);
        var inDatabase = await DemoDatabase.CreateAsync(factory, cancellationToken);
        Step($"wrote a factory and {rows:N0} people to train on, {rows:N0} to score, {inDatabase:N0} in a database: {factory.Folder}");
    }

    /// <summary>Trains, saves the model and the transforms, and publishes three web services on the server.</summary>
    public async Task PublishAsync(AuspexServer server, AuspexClient client, CancellationToken cancellationToken)
    {
        using var session = WorkspaceSession.OpenFolder(factory.Folder, Path.Combine(factory.Folder, ".auspex"), ScriptSwitches.ReadEnvironment());
        var people = await TableFiles.ReadAsync(factory.Blob("amltest/training/people.csv"), cancellationToken);
        var training = await RunAsync(
            session, Training, new Dictionary<string, TableBatch> { ["input1"] = people }, [], cancellationToken);
        var conversion = PredictiveConversion.Convert(training, session.Workspace.Catalog, new ConversionOptions());
        await session.Workspace.SaveAsync(conversion.Assets, cancellationToken);
        var metrics = (TableValue)training.Find(training.Experiment.ServiceOutputs.Single(one => one.Name == "output2").Source)!;
        Step($"trained {training.Experiment["learner"].DisplayName} on {people.RowCount:N0} people ({Metrics(metrics.Table)})");

        // The training service is packaged from a run on its small sample: packages carry schemas, not training data.
        var trainer = await PublishAsync(session, client, Training, [], cancellationToken);
        var scorer = await PublishAsync(session, client, Scoring, [], cancellationToken);
        var database = await PublishAsync(session, client, DatabaseScoring, SampleParameters(), cancellationToken);
        var workspaceId = (string)scorer["workspaceId"]!;
        var serviceId = (string)scorer["webServiceId"]!;
        var second = await client.AddEndpointAsync(workspaceId, serviceId, "updatable", cancellationToken);
        factory.WriteOverlay(new Dictionary<string, DemoEndpoint>
        {
            ["AzureMLLinkedService"] = Endpoint(scorer),
            ["AzureMLSqlLinkedService"] = Endpoint(database),
            ["trainingEndpoint"] = Endpoint(trainer),
            ["updatableScoringEndpoint2"] = new(
                new Uri((string)second["ApiLocation"]!).AbsolutePath,
                (string)second["PrimaryKey"]!,
                $"/workspaces/{workspaceId}/webservices/{serviceId}/endpoints/updatable"),
        });
        server.Definitions.Refresh();
        Step($"published '{Training}', '{Scoring}' (endpoints default and updatable) and '{DatabaseScoring}' at {server.Url}");
        ScoringService = scorer;
    }

    /// <summary>The scoring service as it was published.</summary>
    public JsonObject? ScoringService { get; private set; }

    /// <summary>Runs a pipeline of the factory and shows it.</summary>
    public async Task<bool> RunPipelineAsync(AuspexClient client, string pipeline, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var runId = await client.CreateRunAsync(pipeline, [], cancellationToken);
        output.WriteLine($"      pipeline {pipeline}:");
        var exitCode = await new RunView(output, Console.Error, json: false, TimeProvider.System)
            .ShowAsync(client, runId, cancellationToken);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        if (exitCode == ExitCodes.Success)
        {
            Step($"{pipeline}: {rows:N0} rows, {rows / seconds:N0} rows/s, the pipeline's own time included");
        }
        else
        {
            Step($"{pipeline} failed; what it said stands above");
        }

        return exitCode == ExitCodes.Success;
    }

    /// <summary>Says where everything is, and what the retraining changed.</summary>
    public async Task ConcludeAsync(CancellationToken cancellationToken)
    {
        var before = await ShareAsync("amltest2/output/out1.csv", cancellationToken);
        var after = await ShareAsync("amltest2/output/out1-retrained.csv", cancellationToken);
        var metrics = await TableFiles.ReadAsync(factory.Blob("amltest/models/metrics.csv"), cancellationToken);
        Step($"retrained on people of a later year: {Metrics(metrics)}; scored >50K: {before:P1} before, {after:P1} after");
        output.WriteLine();
        output.WriteLine("Files");
        foreach (var blob in (string[])
        [
            "amltest2/output/out1.csv", "amltest2/output/out2.csv",
            "amltest2/output/out1-retrained.csv", "amltest2/output/out2-retrained.csv", "amltest/models/metrics.csv",
        ])
        {
            output.WriteLine("  " + factory.Blob(blob));
        }

        output.WriteLine($"  {factory.Database} (table scored_people)");
    }

    private static Dictionary<string, string> SampleParameters() => new()
    {
        ["Database server name"] = DemoDatabase.Server,
        ["Database name"] = DemoDatabase.SampleName,
        ["Server user account name"] = "",
        ["Server user account password"] = "",
    };

    private static DemoEndpoint Endpoint(JsonObject service) => new(
        new Uri((string)service["apiLocation"]!).AbsolutePath, (string)service["primaryKey"]!, null);

    private async Task<JsonObject> PublishAsync(
        WorkspaceSession session,
        AuspexClient client,
        string experiment,
        Dictionary<string, string> parameters,
        CancellationToken cancellationToken)
    {
        var run = await RunAsync(session, experiment, [], parameters, cancellationToken);
        var package = await session.Workspace.PackageAsync(run, cancellationToken);
        return await client.PublishAsync(experiment, package, session.Workspace.Artifacts, cancellationToken);
    }

    private async Task<ExperimentRunResult> RunAsync(
        WorkspaceSession session,
        string experiment,
        Dictionary<string, TableBatch> inputs,
        Dictionary<string, string> parameters,
        CancellationToken cancellationToken)
    {
        var (compiled, diagnostics) = await session.Workspace.CompileAsync(factory.Experiment(experiment), cancellationToken);
        DiagnosticLines.Write(Console.Error, diagnostics);
        if (compiled is null)
        {
            throw new InvalidOperationException($"The sample experiment '{experiment}' does not compile.");
        }

        var progress = new ExperimentProgress(TimeProvider.System, quiet: false);
        var run = await session.Workspace.RunAsync(compiled, inputs, parameters, progress.Report, cancellationToken);
        progress.Clear();
        return run.Errors.FirstOrDefault() is { } error ? throw error : run;
    }

    private async Task<double> ShareAsync(string blob, CancellationToken cancellationToken)
    {
        var scored = await TableFiles.ReadAsync(factory.Blob(blob), cancellationToken);
        var labels = scored.Columns[scored.Schema.IndexOf("Scored Labels")];
        var above = Enumerable.Range(0, scored.RowCount).Count(row => ColumnText.Text(labels, row, CellFormat.Wire) == ">50K");
        return (double)above / scored.RowCount;
    }

    private static string Metrics(TableBatch metrics) => string.Join(", ", ShownMetrics
        .Where(name => metrics.Schema.IndexOf(name) >= 0)
        .Select(name => string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {((DoubleColumn)metrics.Columns[metrics.Schema.IndexOf(name)]).Values[0]:0.0000}")));

    private void Step(FormattableString text) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeProvider.System.GetElapsedTime(_started).TotalSeconds,5:0.0} s ") + text.ToString(CultureInfo.InvariantCulture));
}
