using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training.Networks;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class NetSharpDefinitionTests
{
    [Fact]
    public void Read_OfLayersInARow_GivesThem()
    {
        var (hidden, outputs) = NetSharpDefinition.Read(
            """
            // sizes
            const { Wide = 20; Deep = 3; }
            input Data auto;
            hidden First [Wide] tanh from Data all; /* two
            lines */
            hidden Second [2, Deep] from First all;
            output Out auto softmax from Second all;
            """);

        Assert.Equal([new HiddenLayer(20, NodeFunction.Tanh), new HiddenLayer(6, NodeFunction.Sigmoid)], hidden);
        Assert.Null(outputs);
    }

    [Theory]
    [InlineData("input D auto; hidden H [5] from D all;", "no output layer")]
    [InlineData("input D auto;\nhidden H [5] from X all; output O [1] from H all;", "Line 2")]
    [InlineData("input D auto; hidden H [5] from D convolve { }; output O [1] from H all;", "convolve")]
    [InlineData("input D auto; hidden H [0] from D all; output O [1] from H all;", "'0'")]
    [InlineData("input D auto; input E auto; output O [1] from D all;", "second input")]
    [InlineData("input D auto; hidden H [5] softmax from D all; output O [1] from H all;", "softmax")]
    [InlineData("input D auto; hidden H auto from D all; output O [1] from H all;", "'auto'")]
    [InlineData("input D auto; /* open", "comment")]
    [InlineData("nonsense", "'nonsense'")]
    public void Read_OfWhatIsNotTrained_Fails2AndSaysWhat(string text, string said)
    {
        var failure = Assert.Throws<ModuleException>(() => NetSharpDefinition.Read(text));

        Assert.Equal(2, failure.Number);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithMoreOutputsThanClasses_Fails2()
    {
        var learner = LearnerSuite.Create(
            "Multiclass Neural Network",
            ("Hidden layer specification", "Custom definition script"),
            ("Neural network definition", "input D auto; hidden H [4] rlinear from D all; output O [7] softmax from H all;"));

        Assert.Equal(2, Assert.Throws<ModuleException>(() => LearnerSuite.Train(learner, LearnerSuite.Table(ModelTask.Multiclass, 50))).Number);
    }

    [Fact]
    public void Train_WithAStepFarTooLarge_Fails83()
    {
        var learner = LearnerSuite.Create(
            "Neural Network Regression",
            ("Hidden layer specification", "Custom definition script"),
            ("Neural network definition", "input D auto; hidden H [4] linear from D all; output O auto linear from H all;"),
            ("Learning rate", "2"),
            ("The type of normalizer", "Do not normalize"));

        Assert.Equal(83, Assert.Throws<ModuleException>(() => LearnerSuite.Train(
            learner, LearnerSuite.Table(ModelTask.Regression, 200, row => row * 1e6))).Number);
    }
}
