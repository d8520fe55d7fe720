using System.Text;
using Auspex.Stores;
using Xunit;

namespace Auspex.TestKit.Storage;

/// <summary>What every backend of <see cref="IDocumentStore"/> keeps to.</summary>
public abstract class DocumentStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IDocumentStore Documents { get; }

    [Fact]
    public async Task Put_ThenGet_GivesBodyAndVersion()
    {
        Assert.Equal(1, await PutAsync("c", "a", "one", null));
        Assert.Equal(2, await PutAsync("c", "a", "two", null));

        var document = (await Documents.GetAsync("c", "a", Token))!;

        Assert.Equal("two", Encoding.UTF8.GetString(document.Body.Span));
        Assert.Equal(2, document.Version);
        Assert.Null(await Documents.GetAsync("c", "A", Token));
        Assert.Null(await Documents.GetAsync("d", "a", Token));
    }

    [Fact]
    public async Task Put_WithAnExpectation_HoldsToIt()
    {
        Assert.Null(await PutAsync("c", "a", "x", 1));
        Assert.Equal(1, await PutAsync("c", "a", "x", 0));
        Assert.Null(await PutAsync("c", "a", "y", 0));
        Assert.Null(await PutAsync("c", "a", "y", 2));
        Assert.Equal(2, await PutAsync("c", "a", "y", 1));
        Assert.Equal("y", Encoding.UTF8.GetString((await Documents.GetAsync("c", "a", Token))!.Body.Span));
    }

    [Fact]
    public async Task Put_FromManySidesAtOnce_LosesNoChange()
    {
        await PutAsync("c", "n", "0", null);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            while (true)
            {
                var document = (await Documents.GetAsync("c", "n", Token))!;
                var next = int.Parse(Encoding.UTF8.GetString(document.Body.Span), System.Globalization.CultureInfo.InvariantCulture) + 1;
                if (await PutAsync("c", "n", next.ToString(System.Globalization.CultureInfo.InvariantCulture), document.Version) is not null)
                {
                    return;
                }
            }
        }));

        Assert.Equal("20", Encoding.UTF8.GetString((await Documents.GetAsync("c", "n", Token))!.Body.Span));
    }

    [Fact]
    public async Task List_APrefix_IsInOrdinalOrder()
    {
        foreach (var id in new[] { "a/2", "a/10", "b", "a/\u00e4", "a", "A/1", "a/%", "a/\ud83d\ude00", "a/\uffee" })
        {
            await PutAsync("c", id, id, null);
        }

        await PutAsync("other", "a/3", "x", null);

        Assert.Equal(
            ["a/%", "a/10", "a/2", "a/\u00e4", "a/\ud83d\ude00", "a/\uffee"],
            (await Documents.ListAsync("c", "a/", Token)).Select(document => document.Id));
        Assert.Equal(9, (await Documents.ListAsync("c", string.Empty, Token)).Length);
        Assert.Empty(await Documents.ListAsync("c", "x", Token));
    }

    [Fact]
    public async Task Delete_RemovesOnce()
    {
        await PutAsync("c", "a", "x", null);

        Assert.True(await Documents.DeleteAsync("c", "a", Token));
        Assert.False(await Documents.DeleteAsync("c", "a", Token));
        Assert.Null(await Documents.GetAsync("c", "a", Token));
        Assert.Equal(1, await PutAsync("c", "a", "again", 0));
    }

    private Task<long?> PutAsync(string collection, string id, string body, long? expected) =>
        Documents.PutAsync(collection, id, Encoding.UTF8.GetBytes(body), expected, Token);
}
