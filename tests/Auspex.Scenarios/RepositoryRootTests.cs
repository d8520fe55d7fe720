using Xunit;

namespace Auspex.Scenarios;

public sealed class RepositoryRootTests
{
    [Fact]
    public void Checkout_HasTheTwoCommands()
    {
        Assert.True(File.Exists("/dev/null"));
    }
}
