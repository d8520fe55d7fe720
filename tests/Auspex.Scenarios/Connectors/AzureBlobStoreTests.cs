using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.TestKit.Connectors;
using Auspex.TestKit.Services;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Xunit;

namespace Auspex.Scenarios.Connectors;

public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : BlobStoreContract, IAsyncLifetime
{
    private readonly List<BlobStores> _others = [];
    private IBlobStore? _store;

    protected override IBlobStore Store => _store!;

    protected override BlobStores Stores { get; } = new(new BlobStoresOptions(), TimeProvider.System);

    protected override bool UploadsAreIndependent => false;

    protected override IBlobStore OpenAnother(BlobTransferOptions? transfer = null)
    {
        var stores = new BlobStores(new BlobStoresOptions { Transfer = transfer ?? new() }, TimeProvider.System);
        _others.Add(stores);
        return stores.Open(azurite.ConnectionString);
    }

    public async ValueTask InitializeAsync()
    {
        await azurite.EnsureStartedAsync();
        _store = Stores.Open(azurite.ConnectionString);
    }

    public ValueTask DisposeAsync()
    {
        Stores.Dispose();
        _others.ForEach(stores => stores.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task GetReadReference_ByPlainConcatenation_IsAnAddressForAnyClient()
    {
        await WriteAsync("a b.csv", "x");
        var reference = Store.GetReadReference($"{Container}/a b.csv", TimeSpan.FromHours(24));
        using var client = new HttpClient();

        var address = new Uri(reference.BaseLocation + reference.RelativeLocation + reference.SasBlobToken);
        Assert.Equal("x", await client.GetStringAsync(address, Cancellation));

        using var refused = await client.PutAsync(address, new StringContent("y"), Cancellation);
        Assert.False(refused.IsSuccessStatusCode);
        var unsigned = new Uri(reference.BaseLocation + reference.RelativeLocation);
        using var unsignedAnswer = await client.GetAsync(unsigned, Cancellation);
        Assert.False(unsignedAnswer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Open_ReadReference_CannotWrite()
    {
        await WriteAsync("x", "old");
        var reference = Store.GetReadReference($"{Container}/x", TimeSpan.FromHours(1));
        var reader = Stores.Open(reference);

        await using var upload = await reader.OpenWriteAsync($"{Container}/x", Cancellation);
        await upload.Stream.WriteAsync(new byte[10], Cancellation);
        var error = await Assert.ThrowsAsync<BlobStoreException>(() => upload.CommitAsync(Cancellation));

        Assert.Equal(BlobError.Forbidden, error.Error);
        Assert.DoesNotContain("sig=", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", await ReadAsync("x"));
    }

    [Fact]
    public async Task Open_WrongKey_IsForbiddenAndSaysNoKey()
    {
        const string Wrong = "d3Jvbmcta2V5LXdyb25nLWtleS13cm9uZy1rZXk=";
        var store = Stores.Open($"AccountName={AzuriteFixture.Account};AccountKey={Wrong};BlobEndpoint={azurite.Endpoint}");

        var error = await Assert.ThrowsAsync<BlobStoreException>(() => store.OpenReadAsync($"{Container}/x", 0, Cancellation));

        Assert.Equal(BlobError.Forbidden, error.Error);
        Assert.DoesNotContain(Wrong, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AccountTokenInConnectionStringOrAddress_ReadsAndWrites()
    {
        var sas = new AccountSasBuilder
        {
            Services = AccountSasServices.Blobs,
            ResourceTypes = AccountSasResourceTypes.All,
            ExpiresOn = TimeProvider.System.GetUtcNow().AddHours(1),
            Protocol = SasProtocol.HttpsAndHttp,
        };
        sas.SetPermissions(AccountSasPermissions.All);
        var token = sas.ToSasQueryParameters(new StorageSharedKeyCredential(AzuriteFixture.Account, AzuriteFixture.Key)).ToString();
        var byString = Stores.Open($"BlobEndpoint={azurite.Endpoint};SharedAccessSignature={token}");
        var byAddress = Stores.Open(new Uri($"{azurite.Endpoint}?{token}"));

        await using (var upload = await byString.OpenWriteAsync($"{Container}/x", Cancellation))
        {
            await upload.Stream.WriteAsync("by token"u8.ToArray(), Cancellation);
            await upload.CommitAsync(Cancellation);
        }

        await using var stream = await byAddress.OpenReadAsync($"{Container}/x", 0, Cancellation);
        Assert.Equal("by token", await new StreamReader(stream).ReadToEndAsync(Cancellation));
        Assert.Equal("by token", await ReadAsync("x"));
        Assert.Equal([$"{Container}/x"], await byAddress.ListAsync(Container, Cancellation).Select(blob => blob.Path).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Open_ContainerToken_MakesNoContainerButWritesIntoIt()
    {
        await WriteAsync("there", "x");
        var sas = new BlobSasBuilder(BlobContainerSasPermissions.All, TimeProvider.System.GetUtcNow().AddHours(1))
        {
            BlobContainerName = Container,
            Resource = "c",
        };
        var token = sas.ToSasQueryParameters(new StorageSharedKeyCredential(AzuriteFixture.Account, AzuriteFixture.Key)).ToString();
        var store = Stores.Open(new Uri($"{azurite.Endpoint}{Container}?{token}"));

        await using (var upload = await store.OpenWriteAsync($"{Container}/new", Cancellation))
        {
            await upload.Stream.WriteAsync("y"u8.ToArray(), Cancellation);
            await upload.CommitAsync(Cancellation);
        }

        Assert.Equal("y", await ReadAsync("new"));
        await using var elsewhere = await store.OpenWriteAsync($"{Container}other/new", Cancellation);
        await elsewhere.Stream.WriteAsync("y"u8.ToArray(), Cancellation);
        var error = await Assert.ThrowsAsync<BlobStoreException>(() => elsewhere.CommitAsync(Cancellation));
        Assert.Equal(BlobError.Forbidden, error.Error);
    }

    [Fact]
    public async Task Open_PublicAddress_ReadsFromAnOffsetButWritesNothing()
    {
        await WriteAsync("public.csv", "0123456789");
        var container = new BlobContainerClient(azurite.ConnectionString, Container);
        await container.SetAccessPolicyAsync(PublicAccessType.Blob, cancellationToken: Cancellation);
        var reference = BlobStores.ReferenceTo(new Uri($"{azurite.Endpoint}{Container}/public.csv"));
        var store = Stores.Open(reference);
        var path = BlobStores.PathOf(reference);

        Assert.Equal(10, (await store.FindAsync(path, Cancellation))!.SizeInBytes);
        await using var stream = await store.OpenReadAsync(path, 4, Cancellation);
        Assert.Equal("456789", await new StreamReader(stream).ReadToEndAsync(Cancellation));
        await using var beyond = await store.OpenReadAsync(path, 10, Cancellation);
        Assert.Equal(-1, beyond.ReadByte());
        Assert.Null(await store.FindAsync(path + "x", Cancellation));
        Assert.Equal(BlobError.Forbidden, (await Assert.ThrowsAsync<BlobStoreException>(() => store.OpenWriteAsync(path, Cancellation))).Error);
    }

    [Fact]
    public async Task AnyCall_NobodyListening_IsUnavailable()
    {
        var port = ServiceProcess.FreePort();
        var store = Stores.Open($"AccountName=a;AccountKey={AzuriteFixture.Key};BlobEndpoint=http://127.0.0.1:{port}/a");

        var error = await Assert.ThrowsAsync<BlobStoreException>(() => store.FindAsync("c/x", Cancellation));

        Assert.True(error.IsTransient);
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DelimitedText_ThroughABlob_ReadsBackFromTheMiddle()
    {
        var schema = new TableSchema(
            [new TableField { Name = "n", Type = ColumnType.Int32 }, new TableField { Name = "s", Type = ColumnType.String }]);
        var builder = new TableBatchBuilder(schema);
        for (var row = 0; row < 200_000; row++)
        {
            builder.AppendRow(row, row % 3 == 0 ? "line\nend" : "x,y");
        }

        var path = $"{Container}/table.csv";
        var table = builder.Build();
        await using (var upload = await Store.OpenWriteAsync(path, Cancellation))
        {
            await using var writer = new DelimitedTextWriter(upload, schema, DelimitedTextWriterOptions.ForPath(path));
            await writer.WriteAsync(table, Cancellation);
            Assert.Null(await Store.FindAsync(path, Cancellation));
            await writer.CompleteAsync(Cancellation);
        }

        var options = DelimitedTextOptions.ForPath(path) with { Schema = schema };
        await using var first = await DelimitedBlockReader.OpenAsync(await Store.OpenReadAsync(path, 0, Cancellation), options, Cancellation);
        Assert.True(await first.ReadAsync(new RecordBlock(), 50_000, Cancellation));
        var rest = new FilePart(first.FileColumns, first.NextOffset, long.MaxValue, 1, -1);
        await using var reader = await DelimitedTextReader.OpenAsync(
            (offset, cancellationToken) => Store.OpenReadAsync(path, offset, cancellationToken), options with { Part = rest }, Cancellation);
        var rows = await reader.ReadAllAsync(Cancellation);

        var texts = Encoding.UTF8.GetString(((StringColumn)table.Columns[1]).Data);
        var read = Encoding.UTF8.GetString(((StringColumn)rows.Columns[1]).Data);
        Assert.InRange(rows.RowCount, 1, table.RowCount - 1);
        Assert.EndsWith(read, texts, StringComparison.Ordinal);
    }
}
