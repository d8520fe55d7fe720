using System.Collections.Immutable;
using System.Globalization;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training.Networks;

/// <summary>
/// Reads Net# definitions of what this program trains: one input, hidden layers in a row, each seeing all of the one
/// before, and one output.
/// </summary>
/// <example><c>input Data auto; hidden H [100] tanh from Data all; output Out auto softmax from H all;</c></example>
internal sealed class NetSharpDefinition
{
    private const int MostNodes = 1 << 20;
    private const int MostHidden = 50;

    private static readonly Dictionary<string, NodeFunction> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sigmoid"] = NodeFunction.Sigmoid,
        ["tanh"] = NodeFunction.Tanh,
        ["linear"] = NodeFunction.Linear,
        ["rlinear"] = NodeFunction.Rectified,
        ["brlinear"] = NodeFunction.BoundedRectified,
        ["srlinear"] = NodeFunction.SoftRectified,
        ["square"] = NodeFunction.Square,
        ["sqrt"] = NodeFunction.SquareRoot,
        ["abs"] = NodeFunction.Absolute,
        ["softmax"] = NodeFunction.Softmax,
    };

    private readonly IReadOnlyList<NetSharpToken> _tokens;
    private readonly Dictionary<string, int> _constants = new(StringComparer.Ordinal);
    private readonly List<HiddenLayer> _hidden = [];
    private int _at;
    private string? _last;

    private NetSharpDefinition(IReadOnlyList<NetSharpToken> tokens) => _tokens = tokens;

    private NetSharpToken Current => _tokens[_at];

    /// <summary>The hidden layers and the nodes of the output; null for an output of <c>auto</c>.</summary>
    /// <exception cref="ModuleException">Error 2: it cannot be read, or asks for what is not trained here.</exception>
    public static (ImmutableArray<HiddenLayer> Hidden, int? Outputs) Read(string text) =>
        new NetSharpDefinition(NetSharpToken.Read(text)).Read();

    private (ImmutableArray<HiddenLayer> Hidden, int? Outputs) Read()
    {
        int? outputs = null;
        var hasOutput = false;
        while (Current.Text.Length > 0)
        {
            var word = Take();
            switch (word.Text.ToLowerInvariant())
            {
                case "const":
                    ReadConstants();
                    break;
                case "input" when _last is null:
                    _last = TakeName("an input layer");
                    _ = ReadNodes();
                    Expect(";");
                    break;
                case "input":
                    throw Wrong(word, "a second input layer; networks of one input are trained here");
                case "hidden" or "output" when hasOutput:
                    throw Wrong(word, "a layer after the output layer; the output comes last");
                case "hidden" when _hidden.Count == MostHidden:
                    throw Wrong(word, $"more than {MostHidden} hidden layers");
                case "hidden":
                    var (nodes, function) = ReadLayer(word);
                    if (function == NodeFunction.Softmax)
                    {
                        throw Wrong(word, "a hidden layer of softmax, which only an output layer can be");
                    }

                    _hidden.Add(new HiddenLayer(nodes ?? throw Wrong(word, "a hidden layer of 'auto' nodes; write their number, such as [100]"), function));
                    break;
                case "output":
                    (outputs, _) = ReadLayer(word);
                    hasOutput = true;
                    break;
                default:
                    throw Wrong(word, $"'{word.Text}'; expected input, hidden, output or const");
            }
        }

        return hasOutput
            ? ([.. _hidden], outputs)
            : throw new ModuleException(2, "The network definition has no output layer; end it with, for example, 'output Out auto from H all;'.");
    }

    // Name, nodes, function, "from" the layer before, "all".
    private (int? Nodes, NodeFunction Function) ReadLayer(NetSharpToken word)
    {
        var name = TakeName("a layer");
        var nodes = ReadNodes();
        var function = NodeFunction.Sigmoid;
        if (Functions.TryGetValue(Current.Text, out var found))
        {
            function = found;
            Take();
        }

        ExpectWord("from");
        var source = TakeName("a layer to come from");
        if (source != _last)
        {
            throw Wrong(word, $"layer '{name}' from '{source}'; layers in a row are trained here, so it can only come from '{_last}'");
        }

        if (!Current.Is("all"))
        {
            throw Wrong(Current, $"'{Current.Text}' after the source of layer '{name}'; only full connections ('all') are trained here, "
                + "no convolution, pooling, normalization, 'where' or several sources");
        }

        Take();
        Expect(";");
        _last = name;
        return (nodes, function);
    }

    private int? ReadNodes()
    {
        if (Current.Is("auto"))
        {
            Take();
            return null;
        }

        // A bare number or several dimensions mean as many nodes.
        if (!Current.Is("["))
        {
            return ReadNumber();
        }

        Take();
        long nodes = ReadNumber();
        while (Current.Is(","))
        {
            Take();
            nodes = Math.Min(nodes * ReadNumber(), int.MaxValue);
        }

        Expect("]");
        return nodes <= MostNodes ? (int)nodes : throw Wrong(Current, $"a layer of {nodes} nodes; at most {MostNodes} are trained");
    }

    private void ReadConstants()
    {
        var isBlock = Current.Is("{");
        if (isBlock)
        {
            Take();
        }

        do
        {
            var name = TakeName("a constant");
            Expect("=");
            _constants[name] = ReadNumber();
            Expect(";");
        }
        while (isBlock && !Current.Is("}"));

        if (isBlock)
        {
            Take();
            if (Current.Is(";"))
            {
                Take();
            }
        }
    }

    private int ReadNumber()
    {
        var token = Take();
        if (_constants.TryGetValue(token.Text, out var constant))
        {
            return constant;
        }

        return int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostNodes
            ? number
            : throw Wrong(token, $"'{token.Text}'; expected a whole number from 1 to {MostNodes}, or a constant");
    }

    private string TakeName(string what)
    {
        var token = Take();
        return token.IsName ? token.Text : throw Wrong(token, $"'{token.Text}'; expected the name of {what}");
    }

    private void ExpectWord(string word)
    {
        var token = Take();
        if (!token.Is(word))
        {
            throw Wrong(token, $"'{token.Text}'; expected '{word}'");
        }
    }

    private void Expect(string mark) => ExpectWord(mark);

    private NetSharpToken Take()
    {
        var token = _tokens[_at];
        _at = Math.Min(_at + 1, _tokens.Count - 1);
        return token;
    }

    private static ModuleException Wrong(NetSharpToken token, string found) =>
        new(2, FormattableString.Invariant($"Line {token.Line} of the network definition has {found}."));
}
