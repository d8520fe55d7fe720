namespace Auspex.Tests.Architecture;

/// <summary>Finds the checkout that the tests were built from.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Auspex.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Auspex.slnx above {AppContext.BaseDirectory}.");
    }
}
