using System.IO.Compression;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Named Entity Recognition": finds names of persons, places and organisations in English texts, by rules.</summary>
internal sealed class NamedEntityRecognitionModule : IModule
{
    private const string StoryPort = "Story";
    private const string ResourcesPort = "CustomResources";
    private const long MostBytes = 16 << 20;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Named Entity Recognition",
        Category = "Text Analytics",
        Inputs = [Declare.Dataset(StoryPort), new(ResourcesPort, PortType.Zip, IsOptional: true)],
        Outputs = [Declare.Dataset("Entities")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table(StoryPort);
        var at = Enumerable.Range(0, table.Columns.Length).FirstOrDefault(index => table.Columns[index] is StringColumn, -1);
        if (at < 0)
        {
            throw new ModuleException(17, $"None of the {table.Columns.Length} columns of the table at '{StoryPort}' is text; expected a column of articles.");
        }

        var recognizer = new EntityRecognizer(
            context.Has(ResourcesPort) ? ReadNames(context.Get<ArchiveValue>(ResourcesPort), context) : new Dictionary<string, string>());
        var articles = (StringColumn)table.Columns[at];
        var found = new TableBatchBuilder(new TableSchema(
        [
            Field("Article", ColumnType.Int32),
            Field("Mention", ColumnType.String),
            Field("Offset", ColumnType.Int32),
            Field("Length", ColumnType.Int32),
            Field("Type", ColumnType.String),
        ]));
        for (var row = 0; row < articles.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (articles.Text(row) is not { } text)
            {
                continue;
            }

            foreach (var entity in recognizer.Find(text))
            {
                found.AppendRow(row, text.Substring(entity.Offset, entity.Length), entity.Offset, entity.Length, entity.Type);
            }
        }

        context.Set("Entities", found.Build());
        return Task.CompletedTask;
    }

    private static TableField Field(string name, ColumnType type) => new() { Name = name, Type = type };

    private static Dictionary<string, string> ReadNames(ArchiveValue archive, ModuleContext context)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive.Bytes.ToArray(), writable: false), ZipArchiveMode.Read);
            foreach (var entry in zip.Entries)
            {
                var type = Path.GetFileNameWithoutExtension(entry.Name).ToUpperInvariant();
                if (type is not (EntityRecognizer.Person or EntityRecognizer.Place or EntityRecognizer.Organization))
                {
                    context.Note($"'{entry.FullName}' was passed over; expected PER.txt, LOC.txt or ORG.txt, with a name in each line.");
                    continue;
                }

                if (entry.Length > MostBytes)
                {
                    throw new ModuleException(102, $"'{entry.FullName}' has {entry.Length} bytes; a list of names may have {MostBytes}.");
                }

                using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
                while (reader.ReadLine() is { } line)
                {
                    // Words begin and end with letters or digits, whatever stands around them.
                    var first = Array.FindIndex(line.ToCharArray(), char.IsLetterOrDigit);
                    if (first >= 0)
                    {
                        names[line[first..(Array.FindLastIndex(line.ToCharArray(), char.IsLetterOrDigit) + 1)]] = type;
                    }
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new ModuleException(102, "The archive of resources is no zip file, or is damaged; upload it anew.", exception);
        }

        return names;
    }
}
