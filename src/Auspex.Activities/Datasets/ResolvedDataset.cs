using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.Datasets;

/// <summary>A dataset ready for use: expressions evaluated, its store resolved. Lives as long as one attempt; never journaled.</summary>
/// <param name="Name">The dataset's name.</param>
/// <param name="Type">The dataset type in today's form, such as <c>DelimitedText</c>; old ones are read as what replaced them.</param>
/// <param name="TypeProperties">Its properties, evaluated, in today's form.</param>
/// <param name="Store">The linked service that holds the data.</param>
internal sealed record ResolvedDataset(string Name, string Type, JsonObject TypeProperties, ResolvedLinkedService Store)
{
    /// <summary>Whether the data is read as what <see cref="DatasetTypes"/> says of its type.</summary>
    public DataShape Shape { get; } = DatasetTypes.ShapeOf(Name, Type, Store);

    /// <summary>A property's text; null when it is absent. Names are matched ignoring case.</summary>
    public string? Text(string property) => TypeProperties.TextMember(property);

    /// <summary>A property whose value means nothing.</summary>
    public ActivityException Wrong(string property, string expected) => new(
        ErrorCode.DatasetUnusable,
        "2104",
        $"Found '{Text(property)}' in '{property}' of dataset '{Name}'; expected {expected}.",
        FailureType.UserError);
}
