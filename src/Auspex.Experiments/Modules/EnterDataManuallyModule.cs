using System.Text;
using Auspex.Experiments.Modules.Sources;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Enter Data Manually": a small table typed into the property pane, its types inferred.</summary>
internal sealed class EnterDataManuallyModule : IModule
{
    private const string Format = "DataFormat";
    private const string HasHeader = "HasHeader";
    private const string Text = "Data";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Enter Data Manually",
        Category = "Data Input and Output",
        FamilyId = "4fbef0ab2c8e4a25b5c47be76eac33d6",
        Outputs = [Declare.Dataset("dataset")],
        Parameters =
        [
            Declare.Choice(Format, "CSV", ["ARFF", "CSV", "SvmLight", "TSV"]),
            Declare.Boolean(HasHeader, true),
            Declare.Script(Text),
        ],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var format = context.Parameters.Choice(Format);
        var hasHeader = !TableFormat.MayHaveHeader(format) || context.Parameters.Boolean(HasHeader);
        var bytes = Encoding.UTF8.GetBytes(context.Parameters.Required(Text));
        var source = new TableFileSource(
            $"Parameter '{Text}'", (offset, _) => Task.FromResult<Stream>(new MemoryStream(bytes) { Position = offset }));
        context.Set(
            "dataset", await TableFileReader.ReadAsync([source], TableFormat.Of(format, hasHeader), cancellationToken));
    }
}
