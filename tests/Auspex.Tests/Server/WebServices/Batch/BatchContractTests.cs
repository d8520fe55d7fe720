using Auspex.Server.WebServices.Batch;
using Auspex.Tests.Experiments.Contracts;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Batch;

public sealed class BatchContractTests
{
    [Fact]
    public async Task Warnings_OfAReport_AreThoseAloneAndBounded()
    {
        var odd = await Census.CheckAsync("id,age,hours,workclass\n1,39,40,Martian\n2,,40,Private\n");

        var warnings = BatchContract.Warnings(odd)!;

        Assert.Equal(["AUX4206", "AUX4205"], warnings.Select(warning => (string?)warning!["code"]));
        Assert.StartsWith("Found no value in 1 of 2 rows", (string?)warnings[0]!["message"], StringComparison.Ordinal);
        Assert.Null(BatchContract.Warnings(await Census.CheckAsync(Census.Rows([.. Census.GoodRows]))));
    }
}
