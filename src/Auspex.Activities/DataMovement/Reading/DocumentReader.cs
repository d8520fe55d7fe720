using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>A document, and the element of its collection that becomes a row; both are the same without a collection.</summary>
/// <param name="Root">The whole document, where absolute paths begin.</param>
/// <param name="Element">The element, where relative paths begin.</param>
internal readonly record struct DocumentElement(JsonNode? Root, JsonNode? Element);

/// <summary>Takes documents apart into the elements that become rows.</summary>
internal static class DocumentReader
{
    /// <summary>The elements of each document's collection; the documents themselves without one.</summary>
    /// <param name="documents">The documents; arrays among them are taken apart.</param>
    /// <param name="collection">Where in a document the array stands; null for the document itself.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async IAsyncEnumerable<DocumentElement> ElementsAsync(
        IAsyncEnumerable<JsonNode?> documents, JsonPath? collection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var document in documents.WithCancellation(cancellationToken))
        {
            var place = collection is null ? document : collection.Select(document);
            if (place is JsonArray elements)
            {
                foreach (var element in elements)
                {
                    yield return new DocumentElement(document, element);
                }
            }
            else if (place is not null)
            {
                yield return new DocumentElement(document, place);
            }
        }
    }

    /// <summary>The collection that a translator names; null when it names none.</summary>
    public static JsonPath? Collection(PropertyReader translator) =>
        translator.Text("collectionReference") is { } path and not "$"
            ? JsonPath.Parse(path, translator.Activity, translator.At("collectionReference"))
            : null;

    /// <summary>A value as the text of a cell: text as it is, other values as JSON.</summary>
    public static string? TextOf(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value => value.AsText(),
        _ => node.ToJsonString(),
    };
}
