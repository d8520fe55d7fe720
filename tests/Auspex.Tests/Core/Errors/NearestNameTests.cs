using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Core.Errors;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("Copi", "Copy")]
    [InlineData("dya", "day")]
    [InlineData("INPUT1", "input1")]
    [InlineData("AzureBlobStorag", "AzureBlobStorage")]
    public void Find_OfASlip_GivesWhatWasMeant(string name, string expected) =>
        Assert.Equal(expected, NearestName.Find(name, ["Copy", "day", "input1", "input2", "AzureBlobStorage"]));

    [Theory]
    [InlineData("StorageLinkedService")]
    [InlineData("x")]
    public void Find_OfSomethingElse_GivesNothing(string name) =>
        Assert.Null(NearestName.Find(name, ["AzureMLLinkedService", "input1"]));
}
