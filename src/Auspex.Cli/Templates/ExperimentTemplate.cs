using System.Reflection;
using System.Text.Json.Nodes;

namespace Auspex.Cli.Templates;

/// <summary>An experiment to begin with, as <c>auspex experiment new</c> writes it.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Summary">In a line.</param>
internal sealed record ExperimentTemplate(string Name, string Summary)
{
    /// <summary>Whether it reads or writes files or databases of its own accord, which must lie in the overlay's <c>fileRoots</c>.</summary>
    public bool NeedsFiles { get; init; }

    /// <summary>The trainer whose model a predictive experiment is made of; null where there is none, empty where there is just one.</summary>
    public string? Trainer { get; init; }

    /// <summary>All, in the order of the list. The first is the one without a name.</summary>
    public static IReadOnlyList<ExperimentTemplate> All { get; } =
    [
        new("blank", "the smallest experiment that learns: split, boosted trees, scores, metrics") { Trainer = "" },
        new("car-price", "a price by linear regression, gaps cleaned away") { Trainer = "" },
        new("census-income", "two classes: boosted trees beside logistic regression, compared") { Trainer = "trainTrees" },
        new("credit-risk", "columns without a header, costly class weighed, support vector machine beside boosted trees") { Trainer = "trainTrees" },
        new("iris-clusters", "clusters by K-Means, rows assigned to them") { Trainer = "" },
        new("letter-recognition", "several classes by a decision forest") { Trainer = "" },
        new("restaurant-recommender", "what a user will like, by Matchbox, held against ratings kept back"),
        new("price-analytics", "a web service without a model: columns by parameters, computed in Python"),
        new("shipping-forecast", "history from a database, horizon from the caller, forecast in Python") { NeedsFiles = true },
        new("join-service", "a table in storage joined with the caller's rows") { NeedsFiles = true },
        new("flight-delay", "joins and SQL before training, scores exported to a database") { NeedsFiles = true, Trainer = "" },
    ];

    /// <summary>The template of a name, ignoring case; null for none.</summary>
    public static ExperimentTemplate? Find(string name) =>
        All.FirstOrDefault(template => template.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the experiment, under a name of its own.</summary>
    public JsonObject Read(string experimentName)
    {
        using var source = Assembly.GetExecutingAssembly().GetManifestResourceStream($"templates/{Name}.json")
            ?? throw new InvalidOperationException($"The program holds no template '{Name}'.");
        var experiment = JsonNode.Parse(source)!.AsObject();
        experiment["name"] = experimentName;
        return experiment;
    }
}
