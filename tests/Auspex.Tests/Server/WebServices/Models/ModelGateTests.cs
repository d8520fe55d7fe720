using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;
using Auspex.Server.WebServices.Models;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Models;

public sealed class ModelGateTests
{
    [Theory]
    [InlineData("AUC", 0.8, 0.7, false)]
    [InlineData("AUC", 0.8, 0.9, true)]
    [InlineData("NDCG", 0.8, 0.7, false)]
    [InlineData("L1 Sim NDCG", 0.8, 0.9, true)]
    [InlineData("RMSE", 0.8, 0.7, true)]
    [InlineData("rmse", 0.8, 0.9, false)]
    [InlineData("MAE", 0.8, 0.9, false)]
    [InlineData("Mean Absolute Error", 0.8, 0.9, false)]
    public void Judge_KnowsWhichWayIsBetter(string metric, double present, double next, bool isPassed)
    {
        var finding = new ModelGate(metric, 0.05).Judge(Asset("a", metric, present), Asset("b", metric, next));

        Assert.Equal((isPassed, next, present), (finding.IsPassed, finding.Found, finding.Present));
    }

    private static ImmutableArray<VersionedAsset> Asset(string artifact, string metric, double value) =>
        [new VersionedAsset(AssetKind.TrainedModel, "model", artifact, Origin: new ModelOrigin("experiment", "run", [new Metric(metric, value)]))];
}
