using System.Text;
using Auspex.Activities.DataMovement;
using Auspex.Activities.External;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Activities.External;

public sealed class ActivitiesPageTests
{
    private const string Begin = "<!-- activities: begin -->\n";
    private const string End = "<!-- activities: end -->\n";

    [Fact]
    public void Page_OfAllActivities_HasTheCataloguesTable()
    {
        var file = Path.Combine(RepositoryRoot.Path, "docs", "compat", "activities.md");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var expected = Table(Catalog());

        if (text[begin..end] != expected)
        {
            File.WriteAllText(Path.ChangeExtension(file, ".received.md"), text[..begin] + expected + text[end..]);
        }

        Assert.Equal(expected, text[begin..end]);
    }

    [Fact]
    public void Catalogue_TypeThatDoesNotRun_IsRefusedByName()
    {
        var catalog = Catalog();

        Assert.All(
            KnownTypes.Activities.Except(catalog.Types, StringComparer.OrdinalIgnoreCase),
            type => Assert.Contains($"'{type}'", catalog.Unsupported("A", type).Message, StringComparison.Ordinal));
    }

    private static string Table(ActivityCatalog catalog)
    {
        var table = new StringBuilder("\n| activity | runs |\n|---|---|\n");
        foreach (var type in KnownTypes.Activities.Order(StringComparer.OrdinalIgnoreCase))
        {
            var runs = type switch
            {
                "AzureMLBatchScoring" => "yes, as `AzureMLBatchExecution`",
                "Custom" => "when `Auspex:Custom:Enabled`",
                _ when catalog.Types.Contains(type, StringComparer.OrdinalIgnoreCase) => "yes",
                _ => "no",
            };
            table.Append($"| `{type}` | {runs} |\n");
        }

        return table.Append('\n').ToString();
    }

    /// <summary>All executors, as the server registers them.</summary>
    private static ActivityCatalog Catalog()
    {
        var catalog = new ActivityCatalog();
        var http = new HttpClient(new ScriptedHttp(_ => ScriptedHttp.Empty()));
        var secrets = new SecretReader(_ => null, _ => "");
        var addresses = new EndpointAddresses(() => new Uri("http://127.0.0.1"));
        var tables = new SqlTables(new SqlTablesOptions());
        Func<BlobReference, IBlobStore> open = _ => throw new InvalidOperationException("Nothing is opened.");
        DataMovementActivities.Register(catalog, http, secrets, addresses, open, tables, new DataMovementOptions(), TimeProvider.System);
        MachineLearningActivities.Register(catalog, http, secrets, addresses, open, new MachineLearningOptions(), TimeProvider.System);
        ExternalActivities.Register(
            catalog,
            http,
            new OutboundGate(new OutboundOptions()),
            secrets,
            addresses,
            new IdentityTokens(http, addresses, new IdentityOptions()),
            new FakeCallbacks(),
            open,
            tables,
            new WebOptions(),
            new CustomOptions(),
            Path.GetTempPath(),
            TimeProvider.System);
        return catalog;
    }
}
