using System.Globalization;
using System.Reflection;
using Auspex.Errors;

namespace Auspex.Storage.Sqlite;

/// <summary>Brings a file's schema up to this release's, step by numbered step, forward only.</summary>
internal static class SqliteMigrations
{
    private const string Prefix = "Auspex.Storage.Migrations.sqlite.";

    public static void Apply(SqliteSession session, string file)
    {
        var migrations = List();
        var present = Convert.ToInt32(session.Prepare("PRAGMA user_version").ExecuteScalar(), CultureInfo.InvariantCulture);
        if (present > migrations.Count)
        {
            throw new StorageException(ErrorCode.StorageNewer, string.Create(CultureInfo.InvariantCulture,
                $"'{file}' has schema {present}, this release knows up to {migrations.Count}. Run the release that wrote it, or a newer one."));
        }

        for (var number = present + 1; number <= migrations.Count; number++)
        {
            session.Execute("BEGIN IMMEDIATE");
            using (var command = session.Connection.CreateCommand())
            {
                command.CommandText = Read(migrations[number - 1])
                    + string.Create(CultureInfo.InvariantCulture, $"\nPRAGMA user_version = {number};");
                command.ExecuteNonQuery();
            }

            session.Execute("COMMIT");
        }
    }

    private static List<string> List()
    {
        var names = typeof(SqliteMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        for (var index = 0; index < names.Count; index++)
        {
            var number = (index + 1).ToString("0000", CultureInfo.InvariantCulture);
            if (!names[index].StartsWith(Prefix + number + "_", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"Migration {names[index]} is out of order, expected number {number}.");
            }
        }

        return names;
    }

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
