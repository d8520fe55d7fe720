namespace Auspex.Tests.Architecture;

/// <summary>Other people's data, which lies beside the checkout and is no part of it.</summary>
internal static class SharedFolder
{
    /// <summary>The folder; null when it is not there, and a test that needs it says so and is skipped.</summary>
    public static string? Find(string name) =>
        new[]
        {
            Path.Combine(RepositoryRoot.Path, "..", "shared", name),
            Path.Combine(Environment.GetEnvironmentVariable("AUSPEX_SHARED") ?? string.Empty, name),
        }
        .Where(Directory.Exists)
        .Select(Path.GetFullPath)
        .FirstOrDefault();
}
