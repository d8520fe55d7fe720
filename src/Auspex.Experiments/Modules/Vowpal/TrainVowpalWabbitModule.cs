using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Sources;
using Auspex.Experiments.Training.Vowpal;

namespace Auspex.Experiments.Modules.Vowpal;

/// <summary>Studio's "Train Vowpal Wabbit Version ... Model": learns from a file of lines in a storage account.</summary>
internal sealed class TrainVowpalWabbitModule : IModule
{
    private const string Account = "Azure storage account name";
    private const string Key = "Azure storage key";
    private const string Container = "Azure container name";
    private const string Arguments = "VW arguments";
    private const string Input = "Name of the input VW file";
    private const string Readable = "Name of the output readable model (--readable_model) file";
    private const string Inverted = "Name of the output inverted hash (--invert_hash) file";
    private const string FileType = "Please specify file type";
    private const string UseCached = "Use cached results";
    private const string StartPort = "Pre-trained model";
    private const string ModelPort = "Trained model";

    private TrainVowpalWabbitModule(string version, bool hasCache, bool hasStart) => Descriptor = new()
    {
        Name = $"Train Vowpal Wabbit Version {version} Model",
        Category = "Text Analytics",
        IsDeterministic = false,
        Inputs = hasStart ? [new(StartPort, PortType.ILearner, IsOptional: true)] : [],
        Outputs = [new(ModelPort, PortType.ILearner)],
        Parameters =
        [
            Declare.Text(Account),
            Declare.Secret(Key),
            Declare.Text(Container),
            Declare.Text(Arguments, isOptional: true),
            Declare.Text(Input),
            Declare.Text(Readable, isOptional: true),
            Declare.Text(Inverted, isOptional: true),
            Declare.Choice(FileType, "VW", ["VW", "SVMLight"]),
            .. hasCache ? [Declare.Boolean(UseCached, true)] : Array.Empty<ModuleParameter>(),
        ],
    };

    public static TrainVowpalWabbitModule Version74 { get; } = new("7-4", hasCache: false, hasStart: false);

    public static TrainVowpalWabbitModule Version710 { get; } = new("7-10", hasCache: true, hasStart: false);

    public static TrainVowpalWabbitModule Version8 { get; } = new("8", hasCache: true, hasStart: true);

    public ModuleDescriptor Descriptor { get; }

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        var options = VowpalArguments.Read(parameters.Text(Arguments) ?? "");
        if ((1L << options.Bits) * Math.Max(1, options.Classes) > VowpalModel.MostWeights)
        {
            throw new ModuleException(138, $"2^{options.Bits} features and {options.Classes} classes need more memory than there may be; lower -b.");
        }

        var start = context.Has(StartPort) ? Start(context, options) : null;
        var container = parameters.Required(Container).Trim('/');
        var input = $"{container}/{parameters.Required(Input)}";
        try
        {
            var store = context.Services.OpenBlobStore(BlobAccount.Reference(parameters.Required(Account), parameters.Text(Key)));
            var names = parameters.Text(Inverted) is null ? null : new Dictionary<uint, string>();
            var isSvmLight = parameters.Choice(FileType) == "SVMLight";
            var examples = await ReadAsync(store, input, new VowpalParser(options, isSvmLight, names), options, cancellationToken);
            var model = Train(context, options, start, examples, cancellationToken);
            context.Set(ModelPort, new ModelValue(model));
            if (parameters.Text(Readable) is { } readable)
            {
                await WriteAsync(store, $"{container}/{readable}", VowpalText.Readable(model), cancellationToken);
            }

            if (parameters.Text(Inverted) is { } inverted)
            {
                await WriteAsync(store, $"{container}/{inverted}", VowpalText.Inverted(model, names!), cancellationToken);
            }
        }
        catch (BlobStoreException exception)
        {
            throw BlobFiles.Failure(exception, isWrite: false);
        }
    }

    private static VowpalModel Start(ModuleContext context, VowpalOptions options) => context.Get<PortValue>(StartPort) switch
    {
        ModelValue { Model: VowpalModel model } when model.Options.Bits == options.Bits && model.Options.Classes == options.Classes => model,
        ModelValue { Model: VowpalModel model } => throw new ModuleException(
            13, $"The pre-trained model has 2^{model.Options.Bits} features and {model.Options.Classes} classes, and the arguments ask for "
            + $"2^{options.Bits} and {options.Classes}; give the same -b and --oaa."),
        ModelValue { Model: var other } => throw new ModuleException(13, $"Input port '{StartPort}' holds a model of {other.Learner}; expected one of Vowpal Wabbit."),
        var other => throw new ModuleException(3, $"Input port '{StartPort}' holds {other.Kind}; expected a trained model."),
    };

    private static async Task<List<VowpalExample>> ReadAsync(
        IBlobStore store, string path, VowpalParser parser, VowpalOptions options, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(path, 0, cancellationToken);
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var examples = new List<VowpalExample>();
        var number = 0;
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                number++;
                if (line.AsSpan().Trim().Length > 0)
                {
                    var example = parser.Read(line);
                    examples.Add(Fits(example.Label, options) ? example : throw new FormatException(VowpalText.LabelsOf(options)));
                }
            }
        }
        catch (FormatException exception)
        {
            throw new ModuleException(49, $"Line {number} of '{path}' cannot be read: {exception.Message}.", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModuleException(49, $"'{path}' is no UTF-8 behind line {number}; save it as UTF-8.", exception);
        }

        return examples.Exists(example => example.Label is not null)
            ? examples
            : throw new ModuleException(3, $"'{path}' has no line with a label; at least one is needed to train.");
    }

    private static bool Fits(double? label, VowpalOptions options) => label is not { } number
        || (options.Classes > 0 ? number >= 1 && number <= options.Classes && number == Math.Floor(number)
            : options.Loss is not (VowpalLossKind.Logistic or VowpalLossKind.Hinge) || number is 1 or -1);

    private VowpalModel Train(
        ModuleContext context, VowpalOptions options, VowpalModel? start, List<VowpalExample> examples, CancellationToken cancellationToken)
    {
        var weights = new VowpalWeights(options, start);
        for (var pass = 0; pass < options.Passes; pass++)
        {
            context.Services.ReportProgress?.Invoke("Learning", pass, options.Passes);
            for (var i = 0; i < examples.Count; i++)
            {
                if ((i & 1023) == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                weights.Learn(examples[i]);
            }

            weights.EndPass();
        }

        var (places, values) = (new List<int>(), new List<float>());
        for (var place = 0; place < weights.Values.Length; place++)
        {
            if (weights.Values[place] != 0)
            {
                places.Add(place);
                values.Add(weights.Values[place]);
            }
        }

        if (values.Exists(value => !float.IsFinite(value)))
        {
            throw new ModuleException(83, "The weights grew beyond all numbers; lower the learning rate -l, or leave the rule as it is by default.");
        }

        return new VowpalModel(
            new ModelDescription
            {
                Learner = Descriptor.Name.Replace("Train ", "", StringComparison.Ordinal).Replace(" Model", "", StringComparison.Ordinal),
                Task = ModelTask.Regression,
                Label = ModelDescription.NoLabel,
                Features = new TableSchema([]),
                Parameters = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Arguments, options.Text),
                TrainedRows = examples.Count(example => example.Label is not null),
                SkippedRows = examples.Count(example => example.Label is null),
            },
            options,
            weights.Least,
            Math.Max(weights.Least, weights.Greatest),
            [.. places],
            [.. values]);
    }

    private static async Task WriteAsync(IBlobStore store, string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            await using var upload = await store.OpenWriteAsync(path, cancellationToken);
            await upload.Stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            await upload.CommitAsync(cancellationToken);
        }
        catch (BlobStoreException exception)
        {
            throw BlobFiles.Failure(exception, isWrite: true);
        }
    }
}
