using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training.Clustering;

/// <summary>Lloyd's rounds: each row to its nearest centre, each centre to the mean of its rows, until nothing moves.</summary>
/// <remarks>Rows are summed in blocks of a fixed size, added in their order, so that the number of threads does not matter.</remarks>
internal sealed class Lloyd(FeatureLayout layout, ClusterRows rows, ClusterMetric metric, int threads, CancellationToken cancellationToken)
{
    private const int BlockRows = 4096;

    private readonly ParallelOptions _parallel = new()
    {
        MaxDegreeOfParallelism = Math.Max(1, threads),
        CancellationToken = cancellationToken,
    };

    /// <summary>Runs from these centres; gives centres, each row's cluster, and the sum of all measures.</summary>
    public (double[][] Centers, int[] Clusters, double Cost) Run(double[][] centers, int iterations, Action<long>? report)
    {
        var clusters = new int[rows.Count];
        Array.Fill(clusters, -1);
        var measures = new double[rows.Count];
        for (var iteration = 0; ; iteration++)
        {
            var moved = Assign(new CentroidDistances(layout, metric, centers), clusters, measures);
            report?.Invoke(iteration);
            if (!moved || iteration == iterations)
            {
                return (centers, clusters, measures.Sum());
            }

            centers = Means(centers, clusters, measures);
        }
    }

    private bool Assign(CentroidDistances distances, int[] clusters, double[] measures)
    {
        var moved = 0;
        ForBlocks((start, end) =>
        {
            var slots = new int[rows.Columns];
            var values = new double[rows.Columns];
            for (var row = start; row < end; row++)
            {
                rows.Read(row, slots, values);
                var (nearest, measure) = distances.Nearest(slots, values);
                if (nearest != clusters[row])
                {
                    clusters[row] = nearest;
                    Volatile.Write(ref moved, 1);
                }

                measures[row] = measure;
            }
        });
        return moved != 0;
    }

    private double[][] Means(double[][] centers, int[] clusters, double[] measures)
    {
        var blocks = (rows.Count + BlockRows - 1) / BlockRows;
        var sums = NewCenters(centers.Length);
        var counts = new double[centers.Length];
        var labelled = new double[centers.Length];

        // Some blocks at a time: each has sums for all centres.
        var group = Math.Max(1, _parallel.MaxDegreeOfParallelism);
        for (var first = 0; first < blocks; first += group)
        {
            var parts = new (double[][] Sums, double[] Counts, double[] Labelled)[Math.Min(group, blocks - first)];
            Parallel.For(0, parts.Length, _parallel, part => parts[part] = SumBlock(first + part, centers.Length, clusters));
            foreach (var part in parts)
            {
                for (var center = 0; center < centers.Length; center++)
                {
                    counts[center] += part.Counts[center];
                    labelled[center] += part.Labelled[center];
                    for (var slot = 0; slot < sums[center].Length; slot++)
                    {
                        sums[center][slot] += part.Sums[center][slot];
                    }
                }
            }
        }

        var taken = new HashSet<int>();
        for (var center = 0; center < centers.Length; center++)
        {
            if (counts[center] == 0)
            {
                // A centre that lost its rows begins anew at the row that is worst off.
                sums[center] = RowOf(Worst(measures, taken));
                continue;
            }

            for (var slot = 0; slot < sums[center].Length; slot++)
            {
                var isLabel = rows.LabelColumn >= 0 && slot >= layout.Start(rows.LabelColumn)
                    && slot < layout.Start(rows.LabelColumn) + layout.Width(rows.LabelColumn);
                var count = isLabel ? labelled[center] : counts[center];
                sums[center][slot] = count == 0 ? centers[center][slot] : sums[center][slot] / count;
            }
        }

        return sums;
    }

    private (double[][] Sums, double[] Counts, double[] Labelled) SumBlock(int block, int centers, int[] clusters)
    {
        var sums = NewCenters(centers);
        var counts = new double[centers];
        var labelled = new double[centers];
        var slots = new int[rows.Columns];
        var values = new double[rows.Columns];
        for (var row = block * BlockRows; row < Math.Min(rows.Count, (block + 1) * BlockRows); row++)
        {
            rows.Read(row, slots, values);
            var cluster = clusters[row];
            counts[cluster]++;
            labelled[cluster] += rows.LabelColumn >= 0 && slots[rows.LabelColumn] >= 0 ? 1 : 0;
            var factor = metric == ClusterMetric.Cosine ? UnitFactor(slots, values) : 1;
            for (var i = 0; i < slots.Length; i++)
            {
                if (slots[i] >= 0)
                {
                    sums[cluster][slots[i]] += factor * values[i];
                }
            }
        }

        return (sums, counts, labelled);
    }

    /// <summary>A row with all its slots.</summary>
    public double[] RowOf(int row)
    {
        var slots = new int[rows.Columns];
        var values = new double[rows.Columns];
        rows.Read(row, slots, values);
        var dense = new double[layout.SlotCount];
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i] >= 0)
            {
                dense[slots[i]] = values[i];
            }
        }

        return dense;
    }

    private static int Worst(double[] measures, HashSet<int> taken)
    {
        var worst = -1;
        for (var row = 0; row < measures.Length; row++)
        {
            if ((worst < 0 || measures[row] > measures[worst]) && !taken.Contains(row))
            {
                worst = row;
            }
        }

        taken.Add(Math.Max(0, worst));
        return Math.Max(0, worst);
    }

    // Of angles only directions count: a mean direction is that of the sum of unit vectors.
    private static double UnitFactor(int[] slots, double[] values)
    {
        var norm = 0.0;
        for (var i = 0; i < slots.Length; i++)
        {
            norm += slots[i] >= 0 ? values[i] * values[i] : 0;
        }

        return norm > 0 ? 1 / Math.Sqrt(norm) : 0;
    }

    private double[][] NewCenters(int count) => [.. Enumerable.Range(0, count).Select(_ => new double[layout.SlotCount])];

    private void ForBlocks(Action<int, int> work) => Parallel.For(
        0, (rows.Count + BlockRows - 1) / BlockRows, _parallel, block => work(block * BlockRows, Math.Min(rows.Count, (block + 1) * BlockRows)));
}
