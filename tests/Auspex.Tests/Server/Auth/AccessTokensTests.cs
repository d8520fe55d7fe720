using System.Text;
using Auspex.Server.Auth;
using Auspex.TestKit.Storage;
using Xunit;

namespace Auspex.Tests.Server.Auth;

public sealed class AccessTokensTests
{
    private readonly InMemoryDocumentStore _documents = new();

    [Fact]
    public async Task Create_Token_IsKeptAsHashOnly()
    {
        var tokens = new AccessTokens(_documents, TimeProvider.System);
        var secret = await tokens.CreateAsync("ci", Role.Operator, CancellationToken.None);

        var again = new AccessTokens(_documents, TimeProvider.System);
        await again.LoadAsync(CancellationToken.None);

        Assert.Equal(Role.Operator, again.FindRole(secret));
        Assert.Null(again.FindRole(secret + "x"));
        var stored = await _documents.ListAsync("tokens", "", CancellationToken.None);
        Assert.DoesNotContain(secret, Encoding.UTF8.GetString(Assert.Single(stored).Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_Token_IsNotKeptNorListed()
    {
        var tokens = new AccessTokens(_documents, TimeProvider.System);
        tokens.AddForSession("s", Role.Owner);

        Assert.Equal(Role.Owner, tokens.FindRole("s"));
        Assert.Empty(tokens.List());
        Assert.Empty(await _documents.ListAsync("tokens", "", CancellationToken.None));
    }

    [Fact]
    public async Task Delete_Token_ForgetsIt()
    {
        var tokens = new AccessTokens(_documents, TimeProvider.System);
        var secret = await tokens.CreateAsync("ci", Role.Reader, CancellationToken.None);

        Assert.True(await tokens.DeleteAsync("ci", CancellationToken.None));

        Assert.Null(tokens.FindRole(secret));
        Assert.False(await tokens.DeleteAsync("ci", CancellationToken.None));
    }
}
