using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.WebServices;

namespace Auspex.Experiments.Contracts;

/// <summary>
/// What a model or a web service asks of the tables it is to score: columns, types, levels, missing values, ranges.
/// <see cref="InputCheck"/> holds an input against it before the first row is scored.
/// </summary>
public sealed class InputContract
{
    private InputContract(string subject, string basis, ImmutableArray<ColumnExpectation> columns, ImmutableHashSet<string> taken) =>
        (Subject, Basis, Columns, TakenNames) = (subject, basis, columns, taken);

    /// <summary>Who asks, for messages: <c>the model (Two-Class Boosted Decision Tree)</c>.</summary>
    public string Subject { get; }

    /// <summary>What can be checked with what is known, in a sentence.</summary>
    public string Basis { get; }

    /// <summary>The columns, in the order in which they are asked for.</summary>
    public ImmutableArray<ColumnExpectation> Columns { get; }

    /// <summary>Names of columns that scoring adds, which an input must not bear.</summary>
    public ImmutableHashSet<string> TakenNames { get; }

    /// <summary>Whether a table's types must be the very ones, integers for doubles aside; models themselves take any number for a number.</summary>
    internal bool IsExact { get; private init; }

    /// <summary>What a model asks of a table that it is applied to directly. The label may be there; it is checked for its type only.</summary>
    public static InputContract Of(TrainedModel model)
    {
        var columns = ImmutableArray.CreateBuilder<ColumnExpectation>(model.Features.Fields.Length + 1);
        for (var i = 0; i < model.Features.Fields.Length; i++)
        {
            columns.Add(WithContents(Plain(model.Features.Fields[i]), model, i));
        }

        if (model.HasLabel && model.Features.IndexOf(model.Label.Name) < 0)
        {
            columns.Add(new ColumnExpectation { Field = Plain(model.Label), IsRequired = false });
        }

        var count = model.Features.Fields.Length;
        var basis = string.Create(
            CultureInfo.InvariantCulture,
            $"Columns, types and levels of the model's {count:N0} feature(s){(model.Description.Profile is null
                ? "; missing values and ranges are not checked, since the model does not say what it was trained with (train it again with this version)."
                : ", missing values and ranges.")}");
        return new InputContract(
            $"the model ({model.Learner})",
            basis,
            columns.ToImmutable(),
            ScoreNames.Fields(model.Description).Select(field => field.Name).ToImmutableHashSet(StringComparer.Ordinal));
    }

    /// <summary>
    /// What a web-service input asks: columns and types of its schema; where columns reach the only model of a row-wise
    /// graph unchanged, also what that model asks of their contents.
    /// </summary>
    internal static InputContract Of(ServicePort port, IReadOnlySet<string> optional, ReachedModel? reached)
    {
        var columns = (port.Schema?.Fields ?? []).Select(field =>
        {
            var feature = reached?.FeatureOf(field.Name) ?? -1;
            return (feature < 0 ? new ColumnExpectation { Field = Plain(field) } : WithContents(Plain(field), reached!.Model, feature)) with
            {
                IsRequired = !optional.Contains(field.Name),
            };
        }).ToImmutableArray();
        var known = columns.Count(column => column.Feature is not null);
        var basis = string.Create(
            CultureInfo.InvariantCulture,
            $"Columns and types of web-service input '{port.Name}'{(known == 0
                ? "; levels, missing values and ranges are not checked, since none of its columns is known to reach a model unchanged."
                : $"; contents of the {known:N0} column(s) that reach the model unchanged.")}");
        return new InputContract($"input '{port.Name}' of the web service", basis, columns, []) { IsExact = true };
    }

    private static ColumnExpectation WithContents(TableField field, TrainedModel model, int feature) => new()
    {
        Field = field,
        Feature = model.Features.Fields[feature],
        ScoresUnknownLevels = model.Description.AllowsUnknownLevels,
        Profile = model.Description.Profile?.Features[feature],
    };

    private static TableField Plain(TableField field) => field with { Categories = null, Score = null };
}
