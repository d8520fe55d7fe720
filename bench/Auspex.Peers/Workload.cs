namespace Auspex.Peers;

/// <summary>A table to score and the settings of its model; bench/peers/workload.py says the same for Python.</summary>
/// <param name="Name">H or A.</param>
/// <param name="Columns">All columns in file order.</param>
/// <param name="Texts">Those that hold categories.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Positive">The label's text that the probability is of.</param>
/// <param name="Leaves">At most so many leaves a tree; there are 100 trees.</param>
/// <param name="LeafRows">At least so many training rows a leaf.</param>
/// <param name="Rate">The learning rate.</param>
internal sealed record Workload(
    string Name, string[] Columns, string[] Texts, string Label, string Positive, int Leaves, int LeafRows, double Rate)
{
    public const int Trees = 100;

    public IEnumerable<string> Numbers => Columns.Where(column => column != Label && !Texts.Contains(column));

    public static Workload Named(string name) => name switch
    {
        "H" => new(name, ["y", .. Enumerable.Range(0, 28).Select(column => $"x{column}")], [], "y", "1", 31, 20, 0.1),
        "A" => new(
            name,
            [
                "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship",
                "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
            ],
            ["workclass", "education", "marital-status", "occupation", "relationship", "race", "sex", "native-country"],
            "income",
            ">50K",
            20,
            10,
            0.2),
        _ => throw new ArgumentException($"Found the workload '{name}'; there are H and A.", nameof(name)),
    };
}
