using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>Studio's names of the columns that recommendations stand in.</summary>
internal static class RecommendationNames
{
    public const string User = "User";
    public const string Item = "Item";
    public const string Rating = "Rating";
    public const string RelatedUser = "Related User";
    public const string RelatedItem = "Related Item";

    /// <summary>The column of a place in a list, from 1: <c>Item 1</c>.</summary>
    public static string At(string what, int place) => string.Create(CultureInfo.InvariantCulture, $"{what} {place}");

    /// <summary>A column of scores.</summary>
    public static TableField Field(string name, ColumnType type) => new()
    {
        Name = name,
        Type = type,
        Role = ColumnRole.None,
        Score = new ScoreKind(ScoreNames.TaskName(ModelTask.Recommendation), name),
    };
}
