using System.Globalization;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training.Vowpal;

/// <summary>Reads arguments as Vowpal Wabbit's command line has them.</summary>
internal static class VowpalArguments
{
    private const int MostBits = 28;

    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["-b"] = "--bit_precision",
        ["-l"] = "--learning_rate",
        ["-q"] = "--quadratic",
        ["-c"] = "--cache",
        ["-k"] = "--kill_cache",
        ["-f"] = "--final_regressor",
        ["-i"] = "--initial_regressor",
        ["-p"] = "--predictions",
        ["-t"] = "--testonly",
        ["-d"] = "--data",
    };

    private static readonly HashSet<string> SetByModule = new(StringComparer.Ordinal)
    {
        "--final_regressor", "--initial_regressor", "--predictions", "--testonly", "--data", "--readable_model", "--invert_hash",
    };

    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal)
    {
        "--cache", "--kill_cache", "--quiet", "--holdout_off", "--compressed",
    };

    /// <exception cref="ModuleException">2: an unknown argument, or a value that cannot be read. 4, 8: a number out of its bounds.</exception>
    public static VowpalOptions Read(string text)
    {
        var words = new Queue<string>(Split(text));
        var options = new VowpalOptions { Text = text.Trim() };
        var (rules, isRateGiven, isStartGiven, isSgd) = (new HashSet<string>(StringComparer.Ordinal), false, false, false);
        while (words.TryDequeue(out var word))
        {
            // -b18 and --name=value as well as two words.
            var (name, value) = Name(word);
            if (SetByModule.Contains(name))
            {
                throw new ModuleException(2, $"Argument '{word}' is set by the module itself; leave it out.");
            }

            string Take() => value ?? (words.TryDequeue(out var next) ? next : throw new ModuleException(2, $"Argument '{name}' has no value."));
            double Number(double least, bool exclusive = false)
            {
                var given = Take();
                var number = double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) && double.IsFinite(read)
                    ? read
                    : throw new ModuleException(2, $"Argument '{name}' is '{given}'; expected a number.");
                return number > least || (number == least && !exclusive)
                    ? number
                    : throw new ModuleException(4, FormattableString.Invariant($"Argument '{name}' is {number}; it must be {(exclusive ? "greater than" : "at least")} {least}."));
            }

            int Whole(int least, int most)
            {
                var number = Number(double.MinValue);
                return number >= least && number <= most && number == Math.Floor(number)
                    ? (int)number
                    : throw new ModuleException(8, FormattableString.Invariant($"Argument '{name}' is {number}; it must be a whole number from {least} to {most}."));
            }

            string Letters(int length)
            {
                var given = Take();
                return given.Length == length || (length == 0 && given.Length is 2 or 3)
                    ? given
                    : throw new ModuleException(2, $"Argument '{name}' is '{given}'; expected the first letters of {(length == 0 ? "two or three" : length)} namespaces.");
            }

            options = name switch
            {
                "--bit_precision" => options with { Bits = Whole(1, MostBits) },
                "--learning_rate" => options with { Rate = Number(0, exclusive: true) },
                "--power_t" => options with { PowerT = Number(0) },
                "--initial_t" => options with { InitialT = Number(0) },
                "--decay_learning_rate" => options with { RateDecay = Number(0, exclusive: true) },
                "--passes" => options with { Passes = Whole(1, 100_000) },
                "--loss_function" => options with { Loss = Choice<VowpalLossKind>(name, Take()) },
                "--quantile_tau" => options with { Tau = Number(0, exclusive: true) },
                "--l1" => options with { L1 = Number(0) },
                "--l2" => options with { L2 = Number(0) },
                "--noconstant" => options with { HasConstant = false },
                "--hash" => options with { HashesAll = HashesAll(Take()) },
                "--link" => options with { Link = Choice<VowpalLink>(name, Take()) },
                "--oaa" => options with { Classes = Whole(2, 100_000) },
                "--min_prediction" => options with { LeastPrediction = Number(double.MinValue) },
                "--max_prediction" => options with { GreatestPrediction = Number(double.MinValue) },
                "--quadratic" => options with { Interactions = options.Interactions.Add(Letters(2)) },
                "--cubic" => options with { Interactions = options.Interactions.Add(Letters(3)) },
                "--interactions" => options with { Interactions = options.Interactions.Add(Letters(0)) },
                "--ngram" => options with { Grams = options.Grams.Add(Gram(name, Take())) },
                "--ignore" => options with { Ignored = options.Ignored + Take() },
                "--keep" => options with { Kept = options.Kept + Take() },
                "--adaptive" or "--normalized" or "--invariant" or "--sgd" => options,
                _ when WithoutEffect.Contains(name) => options,
                _ => throw new ModuleException(
                    2, $"Argument '{word}' is not known here. What is: -b, -l, --power_t, --initial_t, --decay_learning_rate, --passes, --loss_function, "
                    + "--quantile_tau, --l1, --l2, -q, --cubic, --interactions, --noconstant, --adaptive, --normalized, --invariant, --sgd, --ngram, "
                    + "--hash, --link, --oaa, --ignore, --keep, --min_prediction, --max_prediction."),
            };
            isRateGiven |= name == "--learning_rate";
            isStartGiven |= name == "--initial_t";
            isSgd |= name == "--sgd";
            if (name is "--adaptive" or "--normalized" or "--invariant")
            {
                rules.Add(name);
            }
        }

        if (options.Tau >= 1)
        {
            throw new ModuleException(8, FormattableString.Invariant($"Argument '--quantile_tau' is {options.Tau}; it must be between 0 and 1."));
        }

        return isSgd || rules.Count > 0 ? WithRule(options, rules, isRateGiven, isStartGiven) : options;
    }

    // As the program does: who chooses the rule gets plain steps, unless both of the first are chosen.
    private static VowpalOptions WithRule(VowpalOptions options, HashSet<string> rules, bool isRateGiven, bool isStartGiven)
    {
        var chosen = options with
        {
            IsAdaptive = rules.Contains("--adaptive"),
            IsNormalized = rules.Contains("--normalized"),
            IsInvariant = rules.Contains("--invariant"),
        };
        chosen = chosen with
        {
            Rate = isRateGiven || (chosen.IsAdaptive && chosen.IsNormalized) ? chosen.Rate : 10,
            InitialT = isStartGiven || chosen.IsAdaptive || chosen.IsNormalized ? chosen.InitialT : 1,
        };
        return chosen.IsAdaptive || chosen.IsNormalized ? chosen : chosen with { Rate = chosen.Rate * Math.Pow(chosen.InitialT, chosen.PowerT) };
    }

    private static (string Name, string? Value) Name(string word)
    {
        if (word.Length >= 2 && word[0] == '-' && word[1] != '-' && Short.TryGetValue(word[..2], out var full))
        {
            return (full, word.Length == 2 ? null : word[2..]);
        }

        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
    }

    private static T Choice<T>(string name, string value)
        where T : struct, Enum =>
        Enum.TryParse<T>(value, ignoreCase: true, out var choice) && Enum.IsDefined(choice) && !char.IsAsciiDigit(value[0])
            ? choice
            : throw new ModuleException(
                2, $"Argument '{name}' is '{value}'; expected {string.Join(", ", Enum.GetNames<T>().Select(known => known.ToLowerInvariant()))}.");

    private static bool HashesAll(string value) => value switch
    {
        "all" => true,
        "strings" => false,
        _ => throw new ModuleException(2, $"Argument '--hash' is '{value}'; expected strings or all."),
    };

    private static string Gram(string name, string value)
    {
        var digits = value.TrimStart().AsSpan(value.Length > 0 && !char.IsAsciiDigit(value[0]) ? 1 : 0);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is >= 2 and <= 100
            ? value
            : throw new ModuleException(2, $"Argument '{name}' is '{value}'; expected a number of 2 or more, behind a namespace's first letter or alone.");
    }

    private static string[] Split(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
