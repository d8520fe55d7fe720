using System.IO.Compression;
using System.Text;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Errors;
using Auspex.Experiments.Modules;
using Auspex.TestKit;
using Auspex.Tests.Experiments.Modules;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Files, stores and databases that fail in the ways that modules have to report.</summary>
internal sealed class ErrorWorld : IDisposable
{
    /// <summary>A storage account, and the host of addresses, that breaks off.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>A storage account whose reader has a fault of its own.</summary>
    public const string Faulty = "faulty";

    private readonly TemporaryFolder _folder = new();
    private readonly BlobStores _stores;

    public ErrorWorld()
    {
        _stores = new BlobStores(new BlobStoresOptions { FileRoots = [_folder.Path] }, TimeProvider.System);
        Services = ModuleRuns.Services with
        {
            FileRoots = [_folder.Path],
            OpenBlobStore = Open,
            Databases = new SqlTables(new SqlTablesOptions
            {
                FileRoots = [_folder.Path],
                Outbound = new OutboundOptions { AllowedHosts = ["*.invalid", "127.0.0.1"] },
            }),
            Scripts = new ScriptOptions { Rscript = _folder.File("no-Rscript") },
        };
        Write("c/good.csv", "a,b\n1,x\n2,y\n");
        Write("c/both/1.csv", "a,b\n1,2\n");
        Write("c/both/2.csv", "a,c\n1,2\n");
        Write("c/ragged.csv", "a,b\n1\n");
        Write("c/plain.arff", "no header here\n");
        Write("c/old.ilearner", "a file of another program");
        Write("no-Rscript", "");
    }

    public ModuleServices Services { get; }

    public string Root => _folder.Path;

    public static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    private IBlobStore Open(BlobReference reference)
    {
        var named = reference.ConnectionString ?? reference.BaseLocation ?? "";
        return named.Contains(Unreachable, StringComparison.Ordinal)
            ? new BrokenStore(() => new BlobStoreException(
                ErrorCode.BlobStoreUnavailable, BlobError.Unavailable, "The store did not answer; check the address and run again."))
            : named.Contains(Faulty, StringComparison.Ordinal)
                ? new BrokenStore(() => new InvalidDataException("Row 3 of the customer's file is wrong."))
                : _stores.Open(reference);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private sealed class BrokenStore(Func<Exception> failure) : IBlobStore
    {
        public Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken) => throw failure();

        public Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken) => throw failure();

        public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken) => throw failure();

        public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken) => throw failure();

        public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken) => throw failure();

        public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) => throw failure();

        public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => throw failure();

        public BlobReference GetReadReference(string path, TimeSpan validity) => throw failure();
    }
}
