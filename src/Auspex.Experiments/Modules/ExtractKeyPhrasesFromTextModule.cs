using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Extract Key Phrases from Text": the phrases that a text is about, separated by commas.</summary>
internal sealed class ExtractKeyPhrasesFromTextModule : RowwiseModule
{
    private const string Target = "Text column";
    private const string Language = "Language";
    private const string FromColumn = "Column contains language";
    private const string LanguageColumn = "Culture-language column";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Extract Key Phrases from Text",
        Category = "Text Analytics",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Columns(Target),
            Declare.Choice(Language, "English", [.. StopWords.Languages, FromColumn]),
            Declare.Columns(LanguageColumn, when: Declare.When(Language, FromColumn)),
        ],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var parameters = context.Parameters;
        var target = parameters.SingleColumn(Target, input);
        if (input.Fields[target].Type != ColumnType.String)
        {
            throw new ModuleException(16, $"Column '{input.Fields[target].Name}' is {input.Fields[target].Type}; key phrases are taken from text. Select a text column, or convert this one with Edit Metadata.");
        }

        var language = parameters.Choice(Language);
        var columns = ColumnwiseTransform.PassThrough(input);
        var taken = columns.Select(column => column.Field.Name).ToHashSet(StringComparer.Ordinal);
        columns.Add(new OutputColumn(
            new TableField { Name = ColumnNames.MakeUnique($"{input.Fields[target].Name} Key Phrases", 1, taken), Type = ColumnType.String },
            new TextFunction(
                target,
                language == FromColumn ? parameters.SingleColumn(LanguageColumn, input) : -1,
                (text, ofRow) => string.Join(',', KeyPhrases.Of(text, StopWords.Of(ofRow ?? language))))));
        return new ColumnwiseTransform(columns, input.Fields.Length);
    }
}
