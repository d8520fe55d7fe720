using System.Text.Json;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Models;

/// <summary>A recommender: biases and traits of users and items. It scores pairs and lists, by Score Matchbox Recommender, not rows.</summary>
public sealed class RecommenderModel : TrainedModel, IStoredModel
{
    internal const string FormName = "recommender";

    /// <param name="description">Recommendation; the label is the rating's column.</param>
    /// <param name="mean">The mean of all ratings.</param>
    /// <param name="least">The least rating of training.</param>
    /// <param name="greatest">The greatest rating of training.</param>
    /// <param name="users">The users.</param>
    /// <param name="items">The items.</param>
    /// <param name="rated">The items that each user rated.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    internal RecommenderModel(
        ModelDescription description,
        double mean,
        double least,
        double greatest,
        RecommenderSide users,
        RecommenderSide items,
        RatingIndex rated)
        : base(description)
    {
        if (description.Task != ModelTask.Recommendation || !description.Features.Fields.IsEmpty || users.Size != items.Size
            || !(mean >= least && mean <= greatest) || rated.Count != users.Ids.Count
            || rated.Others.Any(item => item < 0 || item >= items.Ids.Count))
        {
            throw new ArgumentException($"Found {users.Ids.Count} users and {items.Ids.Count} items, which do not fit the ratings.", nameof(rated));
        }

        (Mean, Least, Greatest, Users, Items, Rated) = (mean, least, greatest, users, items, rated);
    }

    /// <summary>How many traits users and items have.</summary>
    public int Traits => Users.Size - 1;

    internal double Mean { get; }

    internal double Least { get; }

    internal double Greatest { get; }

    internal RecommenderSide Users { get; }

    internal RecommenderSide Items { get; }

    /// <summary>The items that each user rated at training.</summary>
    internal RatingIndex Rated { get; }

    string IStoredModel.Form => FormName;

    /// <summary>The expected rating, not yet brought into the range of ratings.</summary>
    internal double Rate(ReadOnlySpan<double> user, ReadOnlySpan<double> item)
    {
        var sum = Mean + user[0] + item[0];
        for (var trait = 1; trait < user.Length; trait++)
        {
            sum += user[trait] * item[trait];
        }

        return sum;
    }

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        writer.WriteNumber("traits", Traits);
        sections["ratings"] = ModelContainer.Bytes<double>([Mean, Least, Greatest]);
        Users.Write("users", writer, sections);
        Items.Write("items", writer, sections);
        sections["ratedStarts"] = ModelContainer.Bytes<int>(Rated.Starts);
        sections["ratedItems"] = ModelContainer.Bytes<int>(Rated.Others);
    }

    internal static RecommenderModel Read(ModelDescription description, JsonElement json, Container container)
    {
        var traits = json.GetProperty("traits").GetInt32();
        if (traits is < 0 or > MatchboxOptions.MostTraits || ModelContainer.Finite(container, "ratings") is not [var mean, var least, var greatest])
        {
            throw new FormatException("Expected a number of traits, and the mean, least and greatest rating.");
        }

        var starts = ModelContainer.Array<int>(container, "ratedStarts");
        var items = ModelContainer.Array<int>(container, "ratedItems");
        var isSound = starts.Length > 0 && starts[0] == 0 && starts[^1] == items.Length;
        for (var i = 1; i < starts.Length; i++)
        {
            isSound &= starts[i] >= starts[i - 1];
        }

        return isSound
            ? new RecommenderModel(
                description,
                mean,
                least,
                greatest,
                RecommenderSide.Read("users", traits + 1, json, container),
                RecommenderSide.Read("items", traits + 1, json, container),
                new RatingIndex(starts, [], items))
            : throw new FormatException("The items that users rated are cut off.");
    }

    internal override IScorer CreateScorer(BoundFeature[] features) => throw new ModuleException(
        13, $"A model of '{Learner}' gives no score for each row of a table; use it with Score Matchbox Recommender.");
}
