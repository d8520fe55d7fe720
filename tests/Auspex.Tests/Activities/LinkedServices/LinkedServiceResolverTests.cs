using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Xunit;

namespace Auspex.Tests.Activities.LinkedServices;

public sealed class LinkedServiceResolverTests
{
    [Fact]
    public void Resolve_ParametersAndSecureStrings_AreEvaluatedAndUnwrapped()
    {
        var factory = Factory(
            """{ "connectionString": { "type": "SecureString", "value": "Server=@{linkedService().host};Password=p" } }""",
            parameters: [new ParameterDefinition("host", "String", true, JsonValue.Create("fallback"))]);

        var given = Resolver().Resolve(
            factory, new ResourceReference("db", "LinkedServiceReference", new JsonObject { ["HOST"] = "h1" }));
        var defaulted = Resolver().Resolve(factory, new ResourceReference("DB", "LinkedServiceReference"));

        Assert.Equal("Server=h1;Password=p", given.Text("connectionString"));
        Assert.Equal("Server=fallback;Password=p", defaulted.Text("ConnectionString"));
    }

    [Fact]
    public void Resolve_MissingArgument_NamesIt()
    {
        var factory = Factory(
            """{ "connectionString": "x" }""", parameters: [new ParameterDefinition("host", "String", false, null)]);

        var failure = Assert.Throws<ActivityException>(() => Resolver().Resolve(factory, new ResourceReference("Db", "")));

        Assert.Contains("'host'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnknownName_ListsTheKnownOnes()
    {
        var failure = Assert.Throws<ActivityException>(
            () => Resolver().Resolve(Factory("{}"), new ResourceReference("Other", "")));

        Assert.Contains("the factory has Db", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "AzureKeyVaultSecret", "secretName": "pw" }""", "a Key Vault reference to 'pw'")]
    [InlineData("\"**********\"", "it is masked")]
    public void Resolve_SecretNowhere_SaysHowToSupplyIt(string secret, string found)
    {
        var failure = Assert.Throws<ActivityException>(() => Resolver().Resolve(
            Factory($$"""{ "password": {{secret}} }"""), new ResourceReference("Db", "")));

        Assert.Contains(found, failure.Message, StringComparison.Ordinal);
        Assert.Contains("\"Db.password\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_SecretFromEnvironment_IsNeverTakenForAnExpression()
    {
        var factory = Factory("""{ "Password": { "type": "AzureKeyVaultSecret", "secretName": "pw" } }""") with
        {
            Overlay = new OverlayDefinition
            {
                Secrets = ImmutableDictionary<string, SecretSource>.Empty.Add("Db.password", new SecretSource("DB_PW", null, null)),
            },
        };

        var resolved = new LinkedServiceResolver(
            new SecretReader(name => name == "DB_PW" ? "@{p'w" : null, _ => ""), TimeProvider.System)
            .Resolve(factory, new ResourceReference("Db", ""));

        Assert.Equal("@{p'w", resolved.Text("password"));
    }

    [Fact]
    public void Resolve_EnvironmentVariableNotSet_NamesIt()
    {
        var factory = Factory("{}") with
        {
            Overlay = new OverlayDefinition
            {
                Secrets = ImmutableDictionary<string, SecretSource>.Empty.Add("Db.password", new SecretSource("DB_PW", null, null)),
            },
        };

        var failure = Assert.Throws<ActivityException>(() => Resolver().Resolve(factory, new ResourceReference("Db", "")));

        Assert.Contains("'DB_PW' is not set", failure.Message, StringComparison.Ordinal);
    }

    private static LinkedServiceResolver Resolver() => new(new SecretReader(_ => null, _ => ""), TimeProvider.System);

    private static FactoryDefinition Factory(string properties, ImmutableArray<ParameterDefinition> parameters = default) => new()
    {
        Name = "test",
        LinkedServices = ImmutableDictionary.Create<string, LinkedServiceDefinition>(StringComparer.OrdinalIgnoreCase).Add(
            "Db",
            new LinkedServiceDefinition
            {
                Name = "Db",
                Type = "AzureSqlDatabase",
                TypeProperties = (JsonObject)JsonNode.Parse(properties)!,
                Parameters = parameters.IsDefault ? [] : parameters,
                Source = [],
            }),
    };
}
