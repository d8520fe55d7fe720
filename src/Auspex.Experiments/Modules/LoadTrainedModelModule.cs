using Auspex.Connectors.ObjectStorage;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Sources;

namespace Auspex.Experiments.Modules;

/// <summary>Load Trained Model: reads a model file of this product from an address or a storage account when it runs.</summary>
internal sealed class LoadTrainedModelModule : IModule
{
    private const string Source = "Data source";
    private const string Blobs = "AzureBlobStorage";
    private const string Url = "Data source URL";
    private const string Authentication = "Authentication type";
    private const string Uri = "URI";
    private const string Public = "PublicOrSAS";
    private const string Account = "Account";
    private const string AccountName = "Account name";
    private const string AccountKey = "Account key";
    private const string Path = "Path to container or directory or blob";
    private const string InRequests = "Allow to use in RRS";
    private const string OutputPort = "Trained model";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Load Trained Model",
        Category = "Data Input and Output",
        Outputs = [new(OutputPort, PortType.ILearner)],
        IsDeterministic = false,
        Parameters =
        [
            Declare.Choice(Source, Blobs, ["Http", Blobs]),
            Declare.Text(Url, when: Declare.When(Source, "Http")),
            Declare.Choice(Authentication, Account, [Public, Account], when: Declare.When(Source, Blobs)),
            Declare.Text(Uri, when: Declare.When(Authentication, Public)),
            Declare.Text(AccountName, when: Declare.When(Authentication, Account)),
            Declare.Secret(AccountKey, when: Declare.When(Authentication, Account)),
            Declare.Text(Path, when: Declare.When(Authentication, Account)),
            Declare.Boolean(InRequests, false),
        ],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        var isWeb = parameters.Choice(Source) == "Http";
        var isPublic = isWeb || parameters.Choice(Authentication) == Public;
        var file = isPublic
            ? FileAt(context, parameters.Required(isWeb ? Url : Uri), isWeb ? Url : Uri)
            : await FileInAccountAsync(context, cancellationToken);
        try
        {
            await using var stream = await file.Open(0, cancellationToken);
            using var bytes = await ReadAsync(stream, cancellationToken);
            context.Set(OutputPort, new ModelValue(ModelContainer.ReadModel(bytes)));
        }
        catch (BlobStoreException exception)
        {
            throw isWeb
                ? new ModuleException(exception.Error == BlobError.Invalid ? 29 : 48, exception.Message, exception)
                : BlobFiles.Failure(exception, isWrite: false);
        }
        catch (ModelFormatException exception)
        {
            throw new ModuleException(82, $"'{file.Name}' is no model that can be read: {exception.Message}", exception);
        }
    }

    private static async Task<MemoryStream> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var chunk = new byte[81_920];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (bytes.Length + read > ContainerFormat.MostBytes)
            {
                throw new ModelFormatException($"The file has more than {ContainerFormat.MostBytes} bytes, the most that is read.");
            }

            bytes.Write(chunk, 0, read);
        }

        bytes.Position = 0;
        return bytes;
    }

    private static TableFileSource FileAt(ModuleContext context, string text, string parameter)
    {
        var address = System.Uri.TryCreate(text.Trim(), UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            && parsed.AbsolutePath.Trim('/').Length > 0
                ? parsed
                : throw new ModuleException(29, $"'{parameter}' is no http or https address of a file; expected one, such as https://host/folder/file.");
        var reference = BlobStores.ReferenceTo(address);
        var store = context.Services.OpenBlobStore(reference);
        var path = BlobStores.PathOf(reference);

        // The query may hold a token, so messages get the path alone.
        return new TableFileSource(address.GetLeftPart(UriPartial.Path), (offset, token) => store.OpenReadAsync(path, offset, token));
    }

    private static async Task<TableFileSource> FileInAccountAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        try
        {
            var store = context.Services.OpenBlobStore(
                BlobAccount.Reference(parameters.Required(AccountName), parameters.Text(AccountKey)));
            var files = await BlobFiles.FindAsync(store, parameters.Required(Path), cancellationToken);
            return files is [var file]
                ? file
                : throw new ModuleException(65, $"'{Path}' means {files.Count} blobs; expected the path of one model.");
        }
        catch (BlobStoreException exception)
        {
            throw BlobFiles.Failure(exception, isWrite: false);
        }
    }
}
