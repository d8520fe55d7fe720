using Auspex.Connectors.Sqlite;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Apply SQL Transformation": a script of SQLite's dialect over up to three tables named t1, t2 and t3. See
/// <see cref="InMemorySql"/> for types; roles and categories do not survive.
/// </summary>
internal sealed class ApplySqlTransformationModule : IModule
{
    private const string Script = "SQL Query Script";

    // SQLite's own bound.
    private const int MostColumns = 2_000;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Apply SQL Transformation",
        Category = "Data Transformation/Manipulation",
        FamilyId = "90381e8067c34d9987541db785b7ea37",
        Inputs =
        [
            Declare.Dataset("Table1"), Declare.Dataset("Table2", isOptional: true), Declare.Dataset("Table3", isOptional: true),
        ],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Script(Script, "select * from t1;")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var script = context.Parameters.Required(Script);
        var tables = new List<(string Name, TableBatch Table)> { ("t1", context.Table("Table1")) };
        foreach (var (name, port) in new[] { ("t2", "Table2"), ("t3", "Table3") })
        {
            if (context.Has(port))
            {
                tables.Add((name, context.Table(port)));
            }
        }

        foreach (var (name, table) in tables)
        {
            if (table.Columns.Length > MostColumns)
            {
                throw new ModuleException(
                    129, $"Table {name} has {table.Columns.Length} columns; SQLite's have at most {MostColumns}. Put Select Columns in Dataset before.");
            }
        }

        try
        {
            context.Set(
                "Results dataset", InMemorySql.Run(tables, script, InMemorySql.DefaultMostBytes, cancellationToken));
            return Task.CompletedTask;
        }
        catch (SqlScriptException exception)
        {
            var number = exception.Error switch
            {
                SqlScriptError.MissingColumn => 1,
                SqlScriptError.TooLarge => 138,
                _ => 69,
            };
            throw new ModuleException(
                number,
                number == 69 ? $"{exception.Message.TrimEnd('.')}. Correct the script; the tables are t1, t2 and t3, and the dialect is SQLite's." : exception.Message,
                exception);
        }
    }
}
