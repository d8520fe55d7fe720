using System.Text.Json;
using Auspex.Server.Hosting;
using Auspex.Server.WebServices;
using Auspex.Stores;

namespace Auspex.Server;

/// <summary>The names under which clients address this server.</summary>
/// <param name="WorkspaceId">32 hex; made at the first start.</param>
/// <param name="FactoryName">The factory's own name, or <c>auspex</c>.</param>
/// <param name="FactoryId">The factory's ARM id, from <c>/subscriptions/</c> on.</param>
internal sealed record ServerIdentity(string WorkspaceId, string FactoryName, string FactoryId)
{
    private const string Collection = "server";
    private const string Id = "identity";

    /// <summary>The subscription in ids that this server writes.</summary>
    public string SubscriptionId => FactoryId.Split('/')[2];

    /// <summary>The resource group in ids that this server writes.</summary>
    public string ResourceGroup => FactoryId.Split('/')[4];

    /// <summary>Reads the workspace's id, or makes one.</summary>
    public static async Task<ServerIdentity> LoadAsync(
        IDocumentStore documents, string factoryName, ServerOptions options, CancellationToken cancellationToken)
    {
        var factoryId = $"/subscriptions/{options.SubscriptionId}/resourceGroups/{options.ResourceGroup}"
            + $"/providers/Microsoft.DataFactory/factories/{factoryName}";
        var stored = await documents.GetAsync(Collection, Id, cancellationToken);
        if (stored is null)
        {
            var made = new ServerDocument(WebServicePublisher.NewId());
            var body = JsonSerializer.SerializeToUtf8Bytes(made, StoredJson.Default.ServerDocument);
            await documents.PutAsync(Collection, Id, body, expectedVersion: 0, cancellationToken);
            stored = await documents.GetAsync(Collection, Id, cancellationToken);
        }

        var document = JsonSerializer.Deserialize(stored!.Body.Span, StoredJson.Default.ServerDocument)!;
        return new ServerIdentity(document.WorkspaceId, factoryName, factoryId);
    }
}

/// <summary>What a server keeps of itself.</summary>
internal sealed record ServerDocument(string WorkspaceId);
