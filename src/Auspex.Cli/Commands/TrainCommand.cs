using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.Training;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex train</c>: trains one learner on a file and writes the model.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var input = new Option<FileInfo>("--input") { Required = true, Description = $"The table; the name says the format: {TableFiles.Extensions}." }
            .MustBeFile();
        var label = new Option<string>("--label") { Required = true, Description = "The column to predict." };
        var learner = new Option<string?>("--learner")
        {
            Description = "The learner's module name (default: boosted trees for two classes and numbers, logistic regression for more classes).",
        };
        var parameters = new Option<string[]>("--set")
        {
            Description = "\"Parameter=value\": a parameter of the learner, by its Studio name.",
        };
        var holdOut = new Option<double>("--hold-out")
        {
            Description = "Measure on this part of the rows, left out of a first training (0 to 0.9; default 0: measure on all rows).",
        };
        var model = new Option<string>("--model") { Required = true, Description = "The model file to write (.ilearner)." };
        var json = SharedOptions.Json();
        var command = new Command("train", "Train a learner on a table.")
        {
            input, label, learner, parameters, holdOut, model, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (ExperimentCommand.Pairs(parsed.GetValue(parameters), "--set") is not { } values)
            {
                return ExitCodes.BadDefinition;
            }

            await ReplacedFile.ProbeAsync(parsed.GetRequiredValue(model));
            var progress = new ProgressLine(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
            try
            {
                var table = await TableFiles.ReadAsync(parsed.GetRequiredValue(input).FullName, cancellationToken);
                var trained = TableTrainer.Train(
                    table,
                    new TableTraining
                    {
                        Label = parsed.GetRequiredValue(label),
                        Learner = parsed.GetValue(learner),
                        Parameters = values,
                        HeldOut = parsed.GetValue(holdOut),
                        ReportProgress = (what, done, total) => progress.Report(what, done, total, "iterations"),
                    },
                    TimeProvider.System,
                    cancellationToken);
                progress.Clear();
                await using (var file = new ReplacedFile(parsed.GetRequiredValue(model)))
                {
                    ModelContainer.WriteModel(trained.Model, file.Stream);
                    file.Commit();
                }

                Show(trained, parsed.GetRequiredValue(model), parsed.GetValue(json));
                return ExitCodes.Success;
            }
            finally
            {
                progress.Clear();
            }
        });
        return command;
    }

    private static void Show(TrainedTable trained, string path, bool json)
    {
        if (json)
        {
            var metrics = new JsonObject();
            foreach (var metric in trained.Metrics.Values)
            {
                metrics[metric.Name] = double.IsFinite(metric.Value) ? metric.Value : null;
            }

            Console.WriteLine(new JsonObject
            {
                ["learner"] = trained.Model.Learner,
                ["rows"] = trained.Rows,
                ["seconds"] = Math.Round(trained.Elapsed.TotalSeconds, 3),
                ["metrics"] = metrics,
            }.ToJsonString());
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trained.Model.Learner}: {Counted.Of(trained.Rows, "row")} in {trained.Elapsed.TotalSeconds:0.00} s -> {path}"));
        Console.WriteLine(trained.AreHeldOut ? "Measured on rows held out of training:" : "Measured on the training rows themselves:");
        foreach (var metric in trained.Metrics.Values)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {metric.Name,-28} {metric.Value:0.######}"));
        }
    }
}
