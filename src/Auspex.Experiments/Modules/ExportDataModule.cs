using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Sources;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Export Data", formerly "Writer": a table to a blob or into a database table. What fails leaves nothing half written.
/// Its other destinations are declared, so that experiments load, and fail when run.
/// </summary>
internal sealed partial class ExportDataModule : IModule
{
    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        var table = context.Table("Dataset");
        switch (parameters.Choice(Destination))
        {
            case "AzureBlobStorage":
                await WriteBlobAsync(table, context, cancellationToken);
                break;
            case "SqlAzure":
                await SqlDatabase.WriteAsync(
                    Database(parameters),
                    parameters.Required(TableName),
                    SavedTable(table, parameters),
                    parameters.Integer(BatchRows),
                    context,
                    cancellationToken);
                break;
            case var other:
                throw new ModuleException(
                    39,
                    $"'{Destination}' is {other}, which this program does not write; it writes AzureBlobStorage and SqlAzure "
                    + "(SQL Server, PostgreSQL and SQLite). Send the data to one of them.");
        }
    }

    private static async Task WriteBlobAsync(TableBatch table, ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        var isSas = parameters.Choice(BlobAuthentication) == "SAS";
        var name = parameters.Choice(isSas ? SasFormat : BlobFormat);
        var hasHeader = TableFormat.MayHaveHeader(name) && parameters.Boolean(isSas ? SasHeader : BlobHeader);
        var overwrites = isSas || Overwrites(parameters);
        try
        {
            var (store, path) = isSas ? OpenSas(context) : OpenAccount(context);
            if (!overwrites && await store.FindAsync(path, cancellationToken) is not null)
            {
                throw new ModuleException(
                    57, $"Blob '{path}' exists already; set '{WriteMode}' to Overwrite, or choose another path.");
            }

            await using var upload = await store.OpenWriteAsync(path, cancellationToken);
            if (name == "ARFF")
            {
                await ArffWriter.WriteAsync(upload.Stream, Path.GetFileNameWithoutExtension(path), table, cancellationToken);
            }
            else
            {
                var options = name == "TSV" ? DelimitedTextWriterOptions.Tsv : DelimitedTextWriterOptions.Csv;
                await using var writer = new DelimitedTextWriter(
                    upload.Stream, table.Schema, options with { Name = path, HasHeader = hasHeader }, leaveOpen: true);
                await writer.WriteAsync(table, cancellationToken);
                await writer.CompleteAsync(cancellationToken);
            }

            await upload.CommitAsync(cancellationToken);
        }
        catch (BlobStoreException exception)
        {
            throw BlobFiles.Failure(exception, isWrite: true);
        }
    }

    private static bool Overwrites(ModuleParameters parameters) => parameters.Required(WriteMode) switch
    {
        var mode when mode.Equals("Overwrite", StringComparison.OrdinalIgnoreCase) => true,
        var mode when mode.Equals("Error", StringComparison.OrdinalIgnoreCase) => false,
        var mode => throw new ModuleException(77, $"'{WriteMode}' is '{mode}'; expected Error or Overwrite."),
    };

    private static (IBlobStore Store, string Path) OpenSas(ModuleContext context)
    {
        if (!Uri.TryCreate(context.Parameters.Required(SasUri).Trim(), UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
        {
            throw new ModuleException(29, $"'{SasUri}' is no http or https address; expected that of a blob, with its token.");
        }

        var reference = BlobStores.ReferenceTo(address);
        return (context.Services.OpenBlobStore(reference), BlobStores.PathOf(reference));
    }

    private static (IBlobStore Store, string Path) OpenAccount(ModuleContext context)
    {
        var path = context.Parameters.Required(BlobPath).Trim().Replace('\\', '/').Trim('/');
        if (!path.Contains('/', StringComparison.Ordinal) || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new ModuleException(79, $"'{BlobPath}' is '{path}'; expected container/folder/blob.");
        }

        var reference = BlobAccount.Reference(
            context.Parameters.Required(AccountName), context.Parameters.Text(AccountKey));
        return (context.Services.OpenBlobStore(reference), path);
    }

    /// <summary>The columns to save under the names they get in the database; the two lists pair by position.</summary>
    private static TableBatch SavedTable(TableBatch table, ModuleParameters parameters)
    {
        var saved = NameList.Parse(parameters.Required(SavedColumns));
        var names = NameList.Parse(parameters.Required(TableColumns));
        if (saved.Length != names.Length)
        {
            throw new ModuleException(
                27, $"'{SavedColumns}' lists {saved.Length} columns and '{TableColumns}' {names.Length}; they pair by position, so list equally many.");
        }

        if (saved.IsEmpty)
        {
            throw new ModuleException(3, $"'{SavedColumns}' lists no column; list at least one.");
        }

        int[] indexes = [.. saved.Select(name => ColumnNames.Find(table.Schema, name))];
        var fields = ImmutableArray.CreateBuilder<TableField>(indexes.Length);
        foreach (var (index, name) in indexes.Zip(names))
        {
            fields.Add(table.Schema.Fields[index] with { Name = name, Role = ColumnRole.Feature });
        }

        if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length)
        {
            throw new ModuleException(18, $"'{TableColumns}' lists a column twice; columns of a table must differ.");
        }

        return new TableBatch(
            new TableSchema(fields.ToImmutable()), [.. indexes.Select(index => table.Columns[index])], table.RowCount);
    }

    private static SqlDatabaseName Database(ModuleParameters parameters) => new(
        parameters.Required(ServerName),
        parameters.Text(DatabaseName),
        parameters.Text(ServerUser),
        parameters.Text(ServerPassword),
        TrustsCertificate: false);
}
