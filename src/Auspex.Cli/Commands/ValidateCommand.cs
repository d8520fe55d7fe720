using System.Collections.Immutable;
using System.CommandLine;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Definitions;
using Auspex.Definitions.Validation;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Storage.Definitions;
using Auspex.Storage.Files;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex validate</c>: everything that can be found without running, the names of web-service inputs included.</summary>
internal static class ValidateCommand
{
    private const string Text = "text";
    private const string Json = "json";
    private const string Sarif = "sarif";

    public static Command Create()
    {
        var argument = SharedOptions.FactoryArgument();
        var factory = SharedOptions.Factory();
        var environment = SharedOptions.Environment();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var format = new Option<string>("--format")
        {
            Description = "text, json (a line each, as --json) or sarif.",
            DefaultValueFactory = _ => Text,
        }.AcceptOnlyFromAmong(Text, Json, Sarif);
        var offline = new Option<bool>("--offline") { Description = "Do not ask web services for their signatures." };
        var command = new Command("validate", "Find what is wrong with a factory before it runs.")
        {
            argument, factory, environment, data, json, format, offline,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = (parsed.GetValue(argument) ?? parsed.GetRequiredValue(factory)).FullName;
            var definition = FactoryFolder.Load(folder, parsed.GetValue(environment));
            var diagnostics = FindAll(definition).ToBuilder();
            var dataFolder = SharedOptions.DataFolder(folder, parsed.GetValue(data));
            diagnostics.AddRange(FileRootCheck.Check(definition, dataFolder));
            if (!parsed.GetValue(offline))
            {
                diagnostics.AddRange(await CheckSignaturesAsync(definition, dataFolder, cancellationToken));
            }

            Write(definition, diagnostics.ToImmutable(), parsed.GetValue(json) ? Json : parsed.GetRequiredValue(format));
            return diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                ? ExitCodes.BadDefinition
                : ExitCodes.Success;
        });
        return command;
    }

    /// <summary>What loading, validation and the compilation of experiments find.</summary>
    internal static ImmutableArray<Diagnostic> FindAll(FactoryDefinition factory)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        diagnostics.AddRange(factory.Diagnostics);
        diagnostics.AddRange(DefinitionValidator.Validate(factory));
        var catalog = ModuleCatalog.CreateDefault();
        foreach (var experiment in factory.Experiments.Values.OrderBy(experiment => experiment.Name, StringComparer.Ordinal))
        {
            diagnostics.AddRange(ExperimentCompiler.Compile(experiment, catalog).Diagnostics.Select(found =>
                experiment.Origin?.Diagnose(found.Code, found.Severity, found.Message, found.JsonPath) ?? found));
        }

        return diagnostics.ToImmutable();
    }

    private static async Task<ImmutableArray<Diagnostic>> CheckSignaturesAsync(
        FactoryDefinition factory,
        string dataFolder,
        CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var secrets = new SecretReader(Environment.GetEnvironmentVariable, File.ReadAllText);

        // "self" is whatever serves this data folder; when nothing does, those services stay unchecked.
        var owner = DataFolder.FindOwner(dataFolder)?.Url;
        var self = owner ?? new Uri("http://127.0.0.1:1");
        var check = new SignatureCheck(http, secrets, new EndpointAddresses(() => self), TimeProvider.System, absent: owner is null ? self : null);
        return await check.CheckAsync(factory, cancellationToken);
    }

    private static void Write(FactoryDefinition factory, ImmutableArray<Diagnostic> diagnostics, string format)
    {
        if (format == Sarif)
        {
            Console.WriteLine(DiagnosticJson.Sarif(diagnostics).ToJsonString());
            return;
        }

        if (format == Json)
        {
            foreach (var diagnostic in diagnostics)
            {
                Console.WriteLine(DiagnosticJson.Of(diagnostic).ToJsonString());
            }

            return;
        }

        DiagnosticLines.Write(Console.Out, diagnostics);
        var errors = diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var warnings = diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
        Console.WriteLine(
            $"{factory.Name}: {Counted.Of(factory.Pipelines.Count, "pipeline")}, "
            + $"{Counted.Of(factory.LinkedServices.Count, "linked service")}, {Counted.Of(factory.Datasets.Count, "dataset")}, "
            + $"{Counted.Of(factory.Experiments.Count, "experiment")}; {Counted.Of(errors, "error")}, {Counted.Of(warnings, "warning")}.");
    }
}
