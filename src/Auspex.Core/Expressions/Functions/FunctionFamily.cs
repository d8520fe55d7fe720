namespace Auspex.Expressions.Functions;

/// <summary>Takes the registrations of one family of functions.</summary>
internal sealed class FunctionFamily(string name, List<FunctionDefinition> functions)
{
    public void Add(string function, int minimum, int maximum, string parameters, string summary, EagerFunction body) =>
        functions.Add(new FunctionDefinition
        {
            Name = function,
            Family = name,
            Minimum = minimum,
            Maximum = maximum,
            Parameters = parameters,
            Summary = summary,
            Eager = body,
        });

    public void AddLazy(string function, int minimum, int maximum, string parameters, string summary, LazyFunction body) =>
        functions.Add(new FunctionDefinition
        {
            Name = function,
            Family = name,
            Minimum = minimum,
            Maximum = maximum,
            Parameters = parameters,
            Summary = summary,
            Lazy = body,
        });
}
