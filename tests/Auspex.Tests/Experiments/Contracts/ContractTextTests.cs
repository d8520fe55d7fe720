using System.Text.Json.Nodes;
using Auspex.Experiments.Contracts;
using Xunit;

namespace Auspex.Tests.Experiments.Contracts;

public sealed class ContractTextTests
{
    [Fact]
    public async Task ToText_OfDifferences_IsAlignedAndWorstFirst()
    {
        var report = await Census.CheckAsync("Age,hours,workclass,id\n39,40,Martian,1\n50,1000,Private,2\n");

        Assert.Equal(
            """
            people.csv does not fit the model (Two-Class Logistic Regression): 1 error, 2 warnings; all 2 rows checked.
              error    AUX4201  age        found     no column of this name; there is 'Age'
                                           expected  a column of whole numbers (Int32)
                                           to do     Did you mean 'Age'? Then rename it to 'age'; names are compared exactly, case and blanks included.
              warning  AUX4207  hours      found     numbers far above those of training in 1 of 2 filled cells (50 %), first in row 2
                                           expected  numbers within the range of training, or beyond it by no more than its width
                                           to do     Check the unit, and that columns have not moved; else train again with such rows.
              warning  AUX4205  workclass  found     levels that training has not seen in 1 of 2 filled cells (50 %), first in row 1
                                           expected  one of the 2 levels of training
                                           to do     Check the spelling, or train again with such rows. Such cells are scored as unknown.
              note     AUX4202  not needed: 'Age', 'id'. Nothing need be done: such columns pass through.
              Checked: Columns, types and levels of the model's 3 feature(s), missing values and ranges.
            """.ReplaceLineEndings("\n"),
            report.ToText());
    }

    [Fact]
    public async Task ToJson_OfADifference_HasAllMembers()
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,Martian", "50,40,Private"));

        var expected = JsonNode.Parse("""
            {
              "input": "people.csv", "against": "the model (Two-Class Logistic Regression)", "fits": true, "errors": 0, "warnings": 1,
              "rows": 2, "bytes": 48, "whole": true,
              "checked": "Columns, types and levels of the model's 3 feature(s), missing values and ranges.",
              "differences": [ {
                "code": "AUX4205", "severity": "warning", "column": "workclass",
                "found": "levels that training has not seen in 1 of 2 filled cells (50 %), first in row 1",
                "expected": "one of the 2 levels of training",
                "remedy": "Check the spelling, or train again with such rows. Such cells are scored as unknown.",
                "rows": 1, "share": 0.5, "firstRow": 1 } ]
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, report.ToJson()), report.ToJson().ToJsonString());
    }

    [Fact]
    public async Task ThrowUnlessFits_WithErrors_ThrowsTheTextAndElseNothing()
    {
        (await Census.CheckAsync(Census.Rows("39,40,Martian"))).ThrowUnlessFits();

        var report = await Census.CheckAsync("x\n1\n");
        var error = Assert.Throws<InputContractException>(report.ThrowUnlessFits);

        Assert.Equal(report.ToText(), error.Message);
        Assert.Equal("AUX4200", error.Code.Value);
    }
}
