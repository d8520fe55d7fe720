using System.Text.Json;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Models.Transforms;

public sealed class FittedTransformReadersTests
{
    [Theory]
    [InlineData("unheard-of", "{}")]
    [InlineData("normalize", "{}")]
    [InlineData("normalize", "[]")]
    [InlineData("normalize", "{\"method\":\"Odd\",\"constant\":0,\"columns\":[]}")]
    [InlineData("normalize", "{\"method\":\"ZScore\",\"constant\":\"x\",\"columns\":[]}")]
    [InlineData("normalize", "{\"method\":\"ZScore\",\"constant\":0,\"columns\":[{\"name\":null,\"offset\":0,\"divisor\":1,\"label\":false}]}")]
    [InlineData("indicators", "{\"dropsSource\":true,\"columns\":[{\"name\":\"a\",\"type\":\"String\",\"label\":false,\"levels\":[null]}]}")]
    [InlineData("clean-missing", "{\"indicators\":[],\"required\":[],\"removed\":[],\"fills\":[{\"name\":\"a\",\"type\":\"Odd\",\"value\":\"\",\"label\":false}]}")]
    [InlineData("clean-missing", "{\"indicators\":[],\"required\":[],\"removed\":[],\"fills\":[],\"imputer\":{\"method\":\"odd\",\"columns\":[]}}")]
    [InlineData("clean-missing", "{\"indicators\":[],\"required\":[],\"removed\":[],\"fills\":[],\"imputer\":{\"method\":\"chained\",\"columns\":[],\"targets\":[3],\"regressions\":[]}}")]
    [InlineData("clean-missing", "{\"indicators\":[],\"required\":[],\"removed\":[],\"fills\":[],\"imputer\":{\"method\":\"components\",\"columns\":[],\"factors\":-1,\"noise\":1,\"means\":[],\"loadings\":[]}}")]
    public void Read_WhatNoTransformWrote_IsError82(string kind, string json)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(82, Assert.Throws<ModuleException>(() => FittedTransformReaders.Read(kind, document.RootElement)).Number);
    }
}
