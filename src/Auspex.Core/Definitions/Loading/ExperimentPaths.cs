namespace Auspex.Definitions.Loading;

/// <summary>JSON paths into an experiment's file, for diagnostics.</summary>
public static class ExperimentPaths
{
    /// <summary>A node.</summary>
    public static string Node(string id) => Member("$.nodes", id);

    /// <summary>An input port of a node.</summary>
    public static string Input(string id, string port) => Member(Member(Node(id), "inputs"), port);

    /// <summary>A parameter of a node.</summary>
    public static string NodeParameter(string id, string parameter) => Member(Member(Node(id), "parameters"), parameter);

    /// <summary>A web-service parameter.</summary>
    public static string Parameter(string name) => Member("$.parameters", name);

    /// <summary>A web-service input.</summary>
    public static string ServiceInput(string name) => Member("$.webServiceInputs", name);

    /// <summary>A web-service output.</summary>
    public static string ServiceOutput(string name) => Member("$.webServiceOutputs", name);

    /// <summary>
    /// A member of what is at <paramref name="path"/>: with a dot, or in brackets when the name is not a plain word.
    /// </summary>
    public static string Member(string path, string name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return $"{path}['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";
            }
        }

        return $"{path}.{name}";
    }
}
