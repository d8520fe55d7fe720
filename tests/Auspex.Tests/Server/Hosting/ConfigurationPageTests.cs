using Auspex.Activities.External;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Hosting;
using Auspex.Server.WebServices;
using Auspex.Storage;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Server.Hosting;

public sealed class ConfigurationPageTests
{
    [Theory]
    [InlineData(EngineOptions.Section, typeof(EngineOptions))]
    [InlineData(StorageOptions.Section, typeof(StorageOptions))]
    [InlineData(BlobTransferOptions.Section, typeof(BlobTransferOptions))]
    [InlineData(WebOptions.Section, typeof(WebOptions))]
    [InlineData(CustomOptions.Section, typeof(CustomOptions))]
    [InlineData(IdentityOptions.Section, typeof(IdentityOptions))]
    [InlineData(WebServiceOptions.Section, typeof(WebServiceOptions))]
    public void Page_EverySetting_IsThere(string section, Type options)
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "configuration.md"));

        foreach (var property in options.GetProperties())
        {
            Assert.Contains($"`{section}:{property.Name}`", page, StringComparison.Ordinal);
        }
    }
}
