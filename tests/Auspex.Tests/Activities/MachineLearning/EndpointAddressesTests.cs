using Auspex.Activities.MachineLearning;
using Auspex.Definitions;
using Xunit;

namespace Auspex.Tests.Activities.MachineLearning;

public sealed class EndpointAddressesTests
{
    [Theory]
    [InlineData("https://ussouthcentral.services.azureml.net/workspaces/w/services/s/jobs", "http://127.0.0.1:5240/workspaces/w/services/s/jobs")]
    [InlineData("https://ussouthcentral.services.azureml.net:443/workspaces/w", "http://127.0.0.1:5240/workspaces/w")]
    [InlineData("https://USSOUTHCENTRAL.services.azureml.net", "http://127.0.0.1:5240")]
    [InlineData("https://ussouthcentral.services.azureml.net.evil.example/x", "https://ussouthcentral.services.azureml.net.evil.example/x")]
    [InlineData("https://management.azureml.net/workspaces/w", "https://other.example/base/workspaces/w")]
    [InlineData("https://elsewhere.example/jobs", "https://elsewhere.example/jobs")]
    public void Redirect_Overlay_ReplacesThePrefix(string address, string expected)
    {
        var factory = new FactoryDefinition
        {
            Name = "test",
            Overlay = new OverlayDefinition
            {
                Endpoints =
                [
                    new EndpointOverride("https://ussouthcentral.services.azureml.net", "self"),
                    new EndpointOverride("https://management.azureml.net/", "https://other.example/base/"),
                ],
            },
        };

        var redirected = new EndpointAddresses(() => new Uri("http://127.0.0.1:5240/")).Redirect(factory, address);

        Assert.Equal(expected, redirected);
    }
}
