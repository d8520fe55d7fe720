using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Statistics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Fisher Linear Discriminant Analysis" (Fisher 1936): projections in which classes lie far apart and each close
/// together. The numeric feature columns give way to them; the class column and others stay.
/// </summary>
internal sealed class FisherLinearDiscriminantAnalysisModule : IModule
{
    private const string ClassColumn = "Class labels column";
    private const string Extractors = "Number of feature extractors";
    private const int MostFeatures = 2_000;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Fisher Linear Discriminant Analysis",
        Category = "Feature Selection",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs =
        [
            Declare.Dataset("Transformed features"),
            Declare.Transform("Fisher linear discriminant analysis transformation"),
        ],
        Parameters = [Declare.Columns(ClassColumn), Declare.Integer(Extractors, "0", 0)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var label = context.Parameters.SingleColumn(ClassColumn, table.Schema);
        var field = table.Schema.Fields[label];
        if (!field.IsCategorical && field.Type is ColumnType.Double or ColumnType.DateTime or ColumnType.TimeSpan)
        {
            throw new ModuleException(17, $"Class column '{field.Name}' is {field.Type}; expected categories, text, Booleans or whole numbers.");
        }

        int[] features =
        [
            .. Enumerable.Range(0, table.Columns.Length).Where(index => index != label
                && table.Schema.Fields[index] is { IsNumeric: true, IsCategorical: false, Role: ColumnRole.Feature, Score: null }),
        ];
        if (features.Length == 0)
        {
            throw new ModuleException(17, "The dataset has no numeric feature column; Fisher Linear Discriminant Analysis works on numbers.");
        }

        if (features.Length > MostFeatures)
        {
            throw new ModuleException(
                129,
                $"The dataset has {features.Length} numeric feature columns; at most {MostFeatures} are told apart here, since each pair of them is "
                + "looked at. Select fewer, or put Principal Component Analysis before.");
        }

        var codes = new LevelCodes(label, CategoryDomains.Of(table.Columns[label])).Of(table);
        int[] rows = [.. Enumerable.Range(0, codes.Length).Where(row => codes[row] >= 0)];
        var classes = rows.Select(row => codes[row]).Distinct().Count();
        if (classes < 2)
        {
            throw new ModuleException(
                rows.Length == 0 ? 21 : 54, $"Class column '{field.Name}' has {classes} distinct values; at least two are needed to tell apart.");
        }

        var columns = ProjectionTransform.Slots(table.Schema, features, Descriptor.Name);
        var slots = ProjectionTransform.Read(table, columns);
        var means = SlotMeans.Of(slots, columns);
        SlotMeans.Center(slots, means, means);
        var wanted = context.Parameters.Integer(Extractors);
        var most = Math.Min(classes - 1, features.Length);
        cancellationToken.ThrowIfCancellationRequested();
        var transform = new ProjectionTransform(
            Descriptor.Name, columns, means, means, Directions(slots, codes, rows, wanted == 0 ? most : Math.Min(wanted, most)), dropsSources: true);
        context.Set("Transformed features", transform.Bind(table.Schema).Apply(table));
        context.Set("Fisher linear discriminant analysis transformation", new TransformValue(transform));
        return Task.CompletedTask;
    }

    private static double[][] Directions(double[][] slots, int[] codes, int[] rows, int count)
    {
        var width = slots.Length;
        Matrix<double> between = new DenseMatrix(width), within = new DenseMatrix(width);
        var whole = DenseVector.Create(width, slot => rows.Sum(row => slots[slot][row]) / rows.Length);
        foreach (var group in rows.GroupBy(row => codes[row]).OrderBy(group => group.Key))
        {
            int[] members = [.. group];
            var mean = DenseVector.Create(width, slot => members.Sum(row => slots[slot][row]) / members.Length);
            var shift = mean - whole;
            between += members.Length * shift.OuterProduct(shift);
            for (var i = 0; i < width; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    var sum = 0.0;
                    foreach (var row in members)
                    {
                        sum += (slots[i][row] - mean[i]) * (slots[j][row] - mean[j]);
                    }

                    within[i, j] += sum;
                    within[j, i] = within[i, j];
                }
            }
        }

        // A trace of ridge, so that columns that repeat each other, or do not vary, leave the matrix invertible.
        var ridge = Math.Max(within.Trace() / width, double.Epsilon) * 1e-10;
        within += DenseMatrix.CreateDiagonal(width, width, ridge > 0 ? ridge : 1e-10);
        var lower = within.Cholesky().Factor;
        var half = lower.Solve(between);
        var symmetric = lower.Solve(half.Transpose());
        symmetric = (symmetric + symmetric.Transpose()) / 2;
        return
        [
            .. PrincipalDirections.Leading(symmetric, count).Select(vector =>
            {
                var direction = lower.Transpose().Solve(DenseVector.OfArray(vector)).Normalize(2);
                return direction[direction.AbsoluteMaximumIndex()] < 0 ? (-direction).ToArray() : direction.ToArray();
            }),
        ];
    }
}
