namespace Auspex.Experiments.Models.Import;

/// <summary>Which names the columns of an imported model bear.</summary>
internal static class FeatureNames
{
    /// <summary>Those that were given, else the file's own.</summary>
    /// <exception cref="ModelImportException">Their number differs from the model's, or one is the label's.</exception>
    public static string[] Choose(ModelImportOptions options, string[] own)
    {
        string[] chosen = options.Features.IsDefault ? own : [.. options.Features];
        if (chosen.Length != own.Length)
        {
            throw new ModelImportException($"{options.FileName}: found {own.Length} features; {chosen.Length} names were given. Give one each.");
        }

        if (chosen.Contains(options.Label, StringComparer.Ordinal))
        {
            throw new ModelImportException(
                $"{options.FileName}: '{options.Label}' is a feature and cannot be the label too. Name the label, or the features, otherwise.");
        }

        return chosen;
    }
}
