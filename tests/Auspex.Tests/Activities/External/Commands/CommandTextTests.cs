using Auspex.Activities.External.Commands;
using Xunit;

namespace Auspex.Tests.Activities.External.Commands;

public sealed class CommandTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("\"a b\" c", "a b|c")]
    [InlineData("/bin/bash -c 'echo \"x $Y\"'", "/bin/bash|-c|echo \"x $Y\"")]
    [InlineData("cmd /c \"C:\\Program Files\\x.exe\"", "cmd|/c|C:\\Program Files\\x.exe")]
    [InlineData("say \"a \\\"b\\\" \\\\\"", "say|a \"b\" \\")]
    [InlineData("x '' y", "x||y")]
    [InlineData("a=\"1 2\"", "a=1 2")]
    public void Split_Command_GivesProgramAndArguments(string command, string words) =>
        Assert.Equal(words, string.Join('|', CommandText.Split(command)!));

    [Theory]
    [InlineData("a \"b")]
    [InlineData("a 'b")]
    public void Split_OpenQuote_IsNoCommand(string command) => Assert.Null(CommandText.Split(command));
}
