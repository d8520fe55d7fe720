namespace Auspex.Expressions.Values;

/// <summary>Bytes as a JSON value: <c>{"$content-type": ..., "$content": base64}</c>.</summary>
internal readonly record struct ContentEnvelope(string ContentType, byte[] Content)
{
    public const string OctetStream = "application/octet-stream";

    private const string TypeKey = "$content-type";
    private const string ContentKey = "$content";

    public bool IsXml => ContentType.Contains("xml", StringComparison.OrdinalIgnoreCase);

    public ObjectValue ToObject() => new MapObject(new(StringComparer.Ordinal)
    {
        [TypeKey] = ContentType,
        [ContentKey] = Convert.ToBase64String(Content),
    });

    public static bool TryRead(ObjectValue value, out ContentEnvelope envelope)
    {
        envelope = default;
        if (value.Count < 2
            || !value.TryGet(TypeKey, out var type) || type.Type != ExpressionType.String
            || !value.TryGet(ContentKey, out var content) || content.Type != ExpressionType.String)
        {
            return false;
        }

        var buffer = new byte[content.AsText.Length];
        if (!Convert.TryFromBase64String(content.AsText, buffer, out var length))
        {
            return false;
        }

        envelope = new ContentEnvelope(type.AsText, buffer[..length]);
        return true;
    }
}
