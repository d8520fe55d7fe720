using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auspex.Cli.Demo;

/// <summary>The demo's factory: the sample's files as they are, and the overlay that fills in what differs on this machine.</summary>
internal sealed class DemoFactory(string folder)
{
    private const string Prefix = "samples/income/";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The factory's folder, absolute.</summary>
    public string Folder => folder;

    /// <summary>The folder that stands for the storage accounts.</summary>
    public string DataFolder => Path.Combine(folder, "data");

    /// <summary>The database that <c>score-sql</c> reads and writes.</summary>
    public string Database => Path.Combine(DataFolder, DemoDatabase.Name);

    /// <summary>The path of a blob in the storage folder.</summary>
    public string Blob(string path) => Path.Combine([DataFolder, .. path.Split('/')]);

    /// <summary>The file of an experiment.</summary>
    public string Experiment(string name) => Path.Combine(folder, "experiment", name + ".json");

    /// <summary>Writes the sample's files; the same names are replaced, others are left alone.</summary>
    public void WriteFiles()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            var path = name.Replace('\\', '/');
            if (path.StartsWith(Prefix, StringComparison.Ordinal))
            {
                var target = Path.Combine([folder, .. path[Prefix.Length..].Split('/')]);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                using var source = assembly.GetManifestResourceStream(name)!;
                using var file = File.Create(target);
                source.CopyTo(file);
            }
        }

        WriteOverlay(new Dictionary<string, DemoEndpoint>());
    }

    /// <summary>Writes <c>auspex.json</c>: storage accounts become a folder, Azure's hosts this process, and web services get their addresses.</summary>
    public void WriteOverlay(IReadOnlyDictionary<string, DemoEndpoint> machineLearning)
    {
        var linkedServices = new JsonObject();
        foreach (var storage in new[] { "AzureStorageLinkedService1", "AzureStorageLinkedService2" })
        {
            linkedServices[storage] = new JsonObject
            {
                ["type"] = "FileServer",
                ["typeProperties"] = new JsonObject { ["host"] = "./data" },
            };
        }

        foreach (var (name, endpoint) in machineLearning)
        {
            var properties = new JsonObject
            {
                ["mlEndpoint"] = "https://ussouthcentral.services.azureml.net" + endpoint.ScoringPath + "/jobs",
                ["apiKey"] = endpoint.Key,
            };
            if (endpoint.ManagementPath is { } managementPath)
            {
                properties["updateResourceEndpoint"] = "https://management.azureml.net" + managementPath;
            }

            linkedServices[name] = new JsonObject { ["type"] = "AzureML", ["typeProperties"] = properties };
        }

        var overlay = new JsonObject
        {
            ["linkedServices"] = linkedServices,
            ["endpoints"] = new JsonObject
            {
                ["https://ussouthcentral.services.azureml.net"] = "self",
                ["https://management.azureml.net"] = "self",
            },
            ["globalParameters"] = new JsonObject
            {
                ["databaseServer"] = DemoDatabase.Server,
                ["databaseName"] = DemoDatabase.Name,
                ["databaseUser"] = "",
                ["databasePassword"] = "",
            },
            ["fileRoots"] = new JsonArray("./data"),
        };
        File.WriteAllText(Path.Combine(folder, "auspex.json"), overlay.ToJsonString(Indented) + "\n");
    }
}

/// <summary>A web-service endpoint of the demo.</summary>
/// <param name="ScoringPath"><c>/workspaces/.../services/...</c>.</param>
/// <param name="Key">The endpoint's key.</param>
/// <param name="ManagementPath"><c>/workspaces/.../webservices/.../endpoints/...</c>; null where no model is to be updated.</param>
internal sealed record DemoEndpoint(string ScoringPath, string Key, string? ManagementPath);
