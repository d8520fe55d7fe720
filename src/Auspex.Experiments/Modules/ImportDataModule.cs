using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Sources;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Import Data", formerly "Reader": a table from a web address, from blobs or from a database. Its other sources are
/// declared, so that experiments load, and fail when run.
/// </summary>
internal sealed partial class ImportDataModule : IModule
{
    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        var table = parameters.Choice(Source) switch
        {
            "Http" => await ReadWebAsync(context, cancellationToken),
            "AzureBlobStorage" => await ReadBlobsAsync(context, cancellationToken),
            "SqlAzure" => await SqlDatabase.ReadAsync(Database(parameters), parameters.Required(Query), context, cancellationToken),
            var other => throw new ModuleException(
                39,
                $"'{Source}' is {other}, which this program does not read; it reads Http, AzureBlobStorage and SqlAzure "
                + "(SQL Server, PostgreSQL and SQLite). Bring the data to one of them."),
        };
        context.Set("Results dataset", table);
    }

    private static async Task<TableBatch> ReadWebAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        var format = parameters.Choice(WebFormat);
        var hasHeader = !TableFormat.MayHaveHeader(format) || parameters.Boolean(WebHeader);
        var address = WebAddress(parameters.Required(Url), Url);
        try
        {
            return await ReadAddressAsync(context, address, TableFormat.Of(format, hasHeader), cancellationToken);
        }
        catch (BlobStoreException exception)
        {
            throw new ModuleException(exception.Error == BlobError.Invalid ? 29 : 30, exception.Message, exception);
        }
    }

    private static async Task<TableBatch> ReadBlobsAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        try
        {
            if (parameters.Choice(BlobAuthentication) == "PublicOrSAS")
            {
                var name = parameters.Choice(UriFormat);
                var hasHeader = !TableFormat.MayHaveHeader(name) || parameters.Boolean(UriHeader);
                return await ReadAddressAsync(
                    context, WebAddress(parameters.Required(BlobUri), BlobUri), TableFormat.Of(name, hasHeader), cancellationToken);
            }

            var format = AccountFormat(parameters);
            var store = context.Services.OpenBlobStore(
                BlobAccount.Reference(parameters.Required(AccountName), parameters.Text(AccountKey)));
            var files = await BlobFiles.FindAsync(store, parameters.Required(BlobPath), cancellationToken);
            return await TableFileReader.ReadAsync(files, format, cancellationToken);
        }
        catch (BlobStoreException exception)
        {
            throw BlobFiles.Failure(exception, isWrite: false);
        }
    }

    private static async Task<TableBatch> ReadAddressAsync(
        ModuleContext context, Uri address, TableFormat format, CancellationToken cancellationToken)
    {
        var reference = BlobStores.ReferenceTo(address);
        var store = context.Services.OpenBlobStore(reference);
        var path = BlobStores.PathOf(reference);

        // The query may hold a token, so messages get the path alone.
        var file = new TableFileSource(
            address.GetLeftPart(UriPartial.Path), (offset, token) => store.OpenReadAsync(path, offset, token));
        return await TableFileReader.ReadAsync([file], format, cancellationToken);
    }

    private static TableFormat AccountFormat(ModuleParameters parameters)
    {
        var name = parameters.Choice(BlobFormat);
        if (name == "Excel")
        {
            throw new ModuleException(
                39, $"'{BlobFormat}' is Excel, which this program does not read; save the sheet as CSV, TSV, ARFF or DelimitedText.");
        }

        var hasHeader = !TableFormat.MayHaveHeader(name) || parameters.Boolean(BlobHeader);
        if (name != "DelimitedText")
        {
            return TableFormat.Of(name, hasHeader);
        }

        var delimiter = parameters.Required(Delimiter) switch
        {
            "Comma" => ",",
            "Tab" or "\\t" => "\t",
            "Semicolon" => ";",
            "Space" => " ",
            var other => other,
        };
        if (delimiter.AsSpan().ContainsAny('"', '\r', '\n'))
        {
            throw new ModuleException(
                2, $"'{Delimiter}' holds a quote or a line end; expected Comma, Tab, Semicolon, Space, or other characters.");
        }

        return new TableFormat(TableFileKind.Delimited, delimiter, hasHeader, parameters.Required(EncodingName));
    }

    private static Uri WebAddress(string text, string parameter) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        && address.AbsolutePath.Trim('/').Length > 0
            ? address
            : throw new ModuleException(29, $"'{parameter}' is no http or https address of a file; expected one, such as https://host/folder/file.");

    private static SqlDatabaseName Database(ModuleParameters parameters) => new(
        parameters.Required(ServerName),
        parameters.Text(DatabaseName),
        parameters.Text(ServerUser),
        parameters.Text(ServerPassword),
        parameters.Boolean(TrustCertificate));
}
