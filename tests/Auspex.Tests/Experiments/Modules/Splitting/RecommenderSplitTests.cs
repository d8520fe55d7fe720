using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules.Splitting;

public sealed class RecommenderSplitTests
{
    private const string Module = "Split Data";

    private static readonly TableBatch Ratings = ModuleRuns.Batch(
        [ModuleRuns.Field("user", ColumnType.Int32), ModuleRuns.Field("item", ColumnType.String), ModuleRuns.Field("rating", ColumnType.Int32)],
        [.. Enumerable.Range(0, 40).SelectMany(user => Enumerable.Range(0, 20).Select(item => new object?[] { user, $"i{item}", item % 5 }))]);

    [Fact]
    public async Task Run_Defaults_GiveHalfOfTheUsersToTrainingOnly()
    {
        var (training, test) = await SplitAsync();

        Assert.Equal(800, training.Count + test.Count);
        Assert.Equal(40, training.Select(row => row.User).Distinct().Count());
        Assert.Equal(20, test.Select(row => row.User).Distinct().Count());
        foreach (var user in test.Select(row => row.User).Distinct())
        {
            Assert.Equal(5, training.Count(row => row.User == user));
        }
    }

    [Fact]
    public async Task Run_ColdAndIgnored_KeepTheirPromises()
    {
        var (training, test) = await SplitAsync(
            ("Fraction of cold users", "0.1"),
            ("Fraction of cold items", "0.2"),
            ("Fraction of ignored users", "0.05"),
            ("Fraction of ignored items", "0.1"));

        Assert.Equal(16, training.Concat(test).Select(row => row.Item).Distinct().Count() - 2);
        var coldItems = test.Select(row => row.Item).Distinct().Except(training.Select(row => row.Item)).ToList();
        Assert.Equal(4, coldItems.Count);
        var coldUsers = test.Select(row => row.User).Distinct().Except(training.Select(row => row.User)).ToList();
        Assert.True(coldUsers.Count >= 4);
    }

    [Fact]
    public async Task Run_RemoveColdItems_LeavesNoneThatWasNotWanted()
    {
        var (training, test) = await SplitAsync(
            ("Fraction of training-only users", "0"),
            ("Fraction of test user ratings for training", "0.02"),
            ("Remove occasionally produced cold items", "True"));

        Assert.Empty(test.Select(row => row.Item).Distinct().Except(training.Select(row => row.Item)));
    }

    [Fact]
    public async Task Run_SameSeed_GivesTheSameSplit() =>
        Assert.Equal((await SplitAsync()).Training, (await SplitAsync()).Training);

    [Fact]
    public async Task Run_OneColumn_IsError20() => await ModuleRuns.FailAsync(
        20, Module, [ModuleRuns.Single("user", ColumnType.Int32, 1)], ("Splitting mode", "Recommender Split"));

    [Fact]
    public async Task Run_UsersAsDoubles_IsError17() => await ModuleRuns.FailAsync(
        17,
        Module,
        [ModuleRuns.Batch([ModuleRuns.Field("user", ColumnType.Double), ModuleRuns.Field("item", ColumnType.Int32)], [1.0, 1])],
        ("Splitting mode", "Recommender Split"));

    [Fact]
    public async Task Run_FractionsAboveOneTogether_IsError8() => await ModuleRuns.FailAsync(
        8, Module, [Ratings], ("Splitting mode", "Recommender Split"), ("Fraction of cold users", "0.6"));

    [Fact]
    public async Task Run_NoRows_IsError21() => await ModuleRuns.FailAsync(
        21, Module, [Ratings.Slice(0, 0)], ("Splitting mode", "Recommender Split"));

    private static async Task<(List<(string User, string Item)> Training, List<(string User, string Item)> Test)> SplitAsync(
        params (string, string)[] parameters)
    {
        var context = await ModuleRuns.RunAsync(
            Module, [Ratings], [("Splitting mode", "Recommender Split"), ("Random seed for Recommender", "3"), .. parameters]);
        return (Rows(context, "Results dataset1"), Rows(context, "Results dataset2"));
    }

    private static List<(string User, string Item)> Rows(ModuleContext context, string port)
    {
        var table = ModuleRuns.Table(context, port);
        return [.. ModuleRuns.Texts(table, "user").Zip(ModuleRuns.Texts(table, "item"), (user, item) => (user!, item!))];
    }
}
