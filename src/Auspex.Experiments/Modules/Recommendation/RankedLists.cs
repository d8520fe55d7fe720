using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>Lists of candidates, one for each user or item that asks, as a table.</summary>
internal static class RankedLists
{
    private const int MostColumns = 65_536;

    /// <summary>Scores pools of candidates for each of several askers, on several threads.</summary>
    /// <param name="askers">How many there are.</param>
    /// <param name="most">The longest list.</param>
    /// <param name="fill">Offers an asker's candidates with their scores; false leaves the asker out.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between two askers.</param>
    public static IReadOnlyList<(double Score, int Index)>?[] Rank(
        int askers, int most, Func<int, BestOf, bool> fill, int threads, CancellationToken cancellationToken)
    {
        var lists = new IReadOnlyList<(double, int)>?[askers];
        Parallel.For(
            0,
            askers,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            asker =>
            {
                var best = new BestOf(most);
                lists[asker] = fill(asker, best) ? best.Best : null;
            });
        return lists;
    }

    /// <summary>A row for each asker with a list: its id, and a column for each place; empty places are missing values.</summary>
    /// <param name="name">The name of the askers' column.</param>
    /// <param name="askers">Their ids, of the type of the column.</param>
    /// <param name="type">The type of the askers' ids.</param>
    /// <param name="what">The name of the columns of places, without number.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="lists">A list for each asker; null leaves one out.</param>
    /// <param name="most">The number of places.</param>
    /// <param name="rating">Makes a rating of a score, for a column of ratings behind each place; null for none.</param>
    /// <exception cref="ModuleException">129: more columns than a table may have.</exception>
    public static TableBatch Table(
        string name,
        string[] askers,
        ColumnType type,
        string what,
        Candidates candidates,
        IReadOnlyList<(double Score, int Index)>?[] lists,
        int most,
        Func<double, double>? rating)
    {
        if ((long)most * (rating is null ? 1 : 2) >= MostColumns)
        {
            throw new ModuleException(129, $"Lists of {most} places make more than {MostColumns} columns; ask for shorter ones.");
        }

        var fields = new List<TableField> { new() { Name = name, Type = type, Role = ColumnRole.None } };
        for (var place = 1; place <= most; place++)
        {
            fields.Add(RecommendationNames.Field(RecommendationNames.At(what, place), candidates.Type));
            if (rating is not null)
            {
                fields.Add(RecommendationNames.Field(RecommendationNames.At(RecommendationNames.Rating, place), ColumnType.Double));
            }
        }

        var builders = fields.ConvertAll(field => ColumnBuilder.For(field));
        var rows = 0;
        for (var asker = 0; asker < lists.Length; asker++)
        {
            if (lists[asker] is not { } list)
            {
                continue;
            }

            rows++;
            builders[0].TryAppendText(Encoding.UTF8.GetBytes(askers[asker]));
            var column = 1;
            for (var place = 0; place < most; place++)
            {
                if (place < list.Count)
                {
                    candidates.AppendTo(builders[column++], list[place].Index);
                }
                else
                {
                    builders[column++].AppendNull();
                }

                if (rating is not null)
                {
                    builders[column++].Append(place < list.Count ? rating(list[place].Score) : null);
                }
            }
        }

        return new TableBatch(new TableSchema([.. fields]), [.. builders.Select(builder => builder.Build())], rows);
    }
}
