using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Detect Languages": the likeliest languages of each text, with their codes and scores, among those few that are told
/// apart here. A text of none has <c>(Unknown)</c>, no code and 0.
/// </summary>
internal sealed class DetectLanguagesModule : RowwiseModule
{
    private const string Target = "Text column";
    private const string Most = "Upper bound on number of languages to detect";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Detect Languages",
        Category = "Text Analytics",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Columns(Target), Declare.Integer(Most, "1", 1, 184)],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var target = context.Parameters.SingleColumn(Target, input);
        return input.Fields[target].Type == ColumnType.String
            ? new Detection(input, target, context.Parameters.Integer(Most))
            : throw new ModuleException(16, $"Column '{input.Fields[target].Name}' is {input.Fields[target].Type}; languages are detected in text. Select a text column, or convert this one with Edit Metadata.");
    }

    private sealed class Detection : IRowTransform
    {
        private readonly int _target;
        private readonly int _most;

        public Detection(TableSchema input, int target, int most)
        {
            (_target, _most) = (target, most);
            var taken = input.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
            var name = input.Fields[target].Name;
            Output = new TableSchema(
            [
                .. input.Fields,
                .. Enumerable.Range(1, most).SelectMany(number =>
                {
                    var suffix = number == 1 ? "" : FormattableString.Invariant($" {number}");
                    return new TableField[]
                    {
                        new() { Name = ColumnNames.MakeUnique($"{name} Language{suffix}", 1, taken), Type = ColumnType.String },
                        new() { Name = ColumnNames.MakeUnique($"{name} Iso6391 Name{suffix}", 1, taken), Type = ColumnType.String },
                        new() { Name = ColumnNames.MakeUnique($"{name} Iso6391 Name Score{suffix}", 1, taken), Type = ColumnType.Double },
                    };
                }),
            ]);
            Flow = new ColumnFlow(
                [.. Enumerable.Range(0, input.Fields.Length), .. Enumerable.Repeat(-1, 3 * most)],
                [.. Enumerable.Range(0, input.Fields.Length).Select(index => index == target)]);
        }

        public TableSchema Output { get; }

        public ColumnFlow Flow { get; }

        public TableBatch Apply(TableBatch batch)
        {
            var names = Enumerable.Range(0, _most).Select(_ => new StringColumnBuilder(batch.RowCount)).ToArray();
            var codes = Enumerable.Range(0, _most).Select(_ => new StringColumnBuilder(batch.RowCount)).ToArray();
            var scores = Enumerable.Range(0, _most).Select(_ => new DoubleColumnBuilder(batch.RowCount)).ToArray();
            for (var row = 0; row < batch.RowCount; row++)
            {
                var guesses = ColumnText.Text(batch.Columns[_target], row, CellFormat.File) is { } text ? LanguageGuess.Of(text) : [];
                for (var i = 0; i < _most; i++)
                {
                    if (i < guesses.Count || i == 0)
                    {
                        var guess = i < guesses.Count ? guesses[i] : new GuessedLanguage("(Unknown)", "", 0);
                        names[i].Append(guess.Name);
                        codes[i].Append(guess.Code);
                        scores[i].Append(guess.Score);
                    }
                    else
                    {
                        names[i].AppendNull();
                        codes[i].AppendNull();
                        scores[i].AppendNull();
                    }
                }
            }

            return new TableBatch(
                Output,
                [.. batch.Columns, .. Enumerable.Range(0, _most).SelectMany(i => new[] { names[i].Build(), codes[i].Build(), scores[i].Build() })],
                batch.RowCount);
        }
    }
}
