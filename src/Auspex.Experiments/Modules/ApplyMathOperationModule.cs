using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Apply Math Operation": one function on each numeric column, with a constant or a column as second argument where it
/// takes two. Missing values stay missing; what the function does not define is NaN.
/// </summary>
internal sealed class ApplyMathOperationModule : RowwiseModule
{
    private const string Category = "Category";
    private const string SecondType = "Second argument type";
    private const string Constant = "Constant second argument";
    private const string SecondColumns = "Second argument column set";
    private const string Selection = "Column set";

    private static readonly Dictionary<string, string> OperationOf = new(StringComparer.Ordinal)
    {
        ["Basic"] = "Basic operation",
        ["Compare"] = "Comparison operation",
        ["Operations"] = "Arithmetic operation",
        ["Rounding"] = "Rounding operation",
        ["Special"] = "Special function",
        ["Trigonometric"] = "Trigonometric operation",
    };

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Apply Math Operation",
        Category = "Statistical Functions",
        FamilyId = "6bd12c13d9c3452294d34aa44513af57",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(Category, "Basic", ["Basic", "Compare", "Operations", "Rounding", "Special", "Trigonometric"]),
            Operation("Basic", "Abs", "Abs", "Atan2", "Conj", "CubeRoot", "DoubleFactorial", "Eps", "Exp", "Exp2", "ExpMinus1", "Factorial", "Hypotenuse", "ImaginaryPart", "Ln", "LnPlus1", "Log", "Log10", "Log2", "NthRoot", "Pow", "RealPart", "Sqrt", "SqrtPi", "Square"),
            Operation("Compare", "EqualTo", "EqualTo", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo", "NotEqualTo", "PairMax", "PairMin"),
            Operation("Operations", "Add", "Add", "Divide", "Multiply", "Subtract"),
            Operation("Rounding", "Ceiling", "Ceiling", "CeilingPower2", "Floor", "Mod", "Quotient", "Remainder", "RoundDigits", "RoundDown", "RoundUp", "ToEven", "ToOdd", "Truncate"),
            Operation("Special", "Beta", "Beta", "EllipticIntegralE", "EllipticIntegralK", "Erf", "Erfc", "ErfScaled", "ErfInverse", "ExponentialIntegralEin", "Gamma", "GammaLn", "GammaRegularizedP", "GammaRegularizedPInverse", "GammaRegularizedQ", "GammaRegularizedQInverse", "PolyGamma"),
            Operation("Trigonometric", "Sin", MathFunctions.Trigonometric),

            // Counts for functions of two arguments only, which more than one parameter decides.
            Declare.Choice(SecondType, "Constant", ["Constant", "ColumnSet"]),
            new() { Name = Constant, Kind = ParameterKind.Float, Default = "0", VisibleWhen = Declare.When(SecondType, "Constant") },
            Declare.Columns(SecondColumns, when: Declare.When(SecondType, "ColumnSet")),
            Declare.Columns(Selection, "NumericAll"),
            OutputMode.Declare(OutputMode.Append),
        ],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var parameters = context.Parameters;
        var name = parameters.Choice(OperationOf[parameters.Choice(Category)]);
        var function = MathFunctions.ByName[name];
        var selected = NumericColumns.Of(context, Selection, input, Descriptor.Name);
        var made = new List<MadeColumn>(selected.Length);
        if (function.IsBinary && parameters.Choice(SecondType) == "ColumnSet")
        {
            var second = NumericColumns.Of(context, SecondColumns, input, Descriptor.Name);
            if (second.Length != 1 && second.Length != selected.Length)
            {
                throw new ModuleException(
                    27, $"'{SecondColumns}' selects {second.Length} columns and '{Selection}' {selected.Length}; select one, or as many.");
            }

            for (var i = 0; i < selected.Length; i++)
            {
                var other = second[second.Length == 1 ? 0 : i];
                Add(selected[i], new NumberFunction(selected[i], other, 0, function.Of), $"{name}({input.Fields[other].Name}_{input.Fields[selected[i]].Name})");
            }
        }
        else
        {
            var constant = function.IsBinary ? parameters.Float(Constant) : 0;
            foreach (var index in selected)
            {
                var argument = function.IsBinary ? FormattableString.Invariant($"_${constant}") : "";
                Add(index, new NumberFunction(index, -1, constant, function.Of), $"{name}({input.Fields[index].Name}{argument})");
            }
        }

        return OutputMode.Bind(input, parameters.Choice(OutputMode.Name), made);

        void Add(int index, NumberFunction number, string columnName) => made.Add(new MadeColumn(
            index,
            new OutputColumn(
                new TableField { Name = columnName, Type = function.GivesTruth ? ColumnType.Boolean : ColumnType.Double },
                function.GivesTruth ? new TruthFunction(number) : number)));
    }

    private static ModuleParameter Operation(string category, string @default, params string[] values) =>
        Declare.Choice(OperationOf[category], @default, values, when: Declare.When(Category, category));
}
