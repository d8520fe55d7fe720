using System.Globalization;
using Auspex.Definitions;

namespace Auspex.Cli.Testing;

/// <summary>The factory as a test sees it.</summary>
internal static class TestFactory
{
    /// <summary>With the test's global parameters laid over the factory's.</summary>
    public static FactoryDefinition For(FactoryDefinition factory, TestCase test)
    {
        if (test.GlobalParameters.Count == 0)
        {
            return factory;
        }

        var parameters = factory.GlobalParameters.DeepClone().AsObject();
        foreach (var (name, value) in test.GlobalParameters)
        {
            parameters[parameters.MemberName(name) ?? name] = value?.DeepClone();
        }

        return factory with { GlobalParameters = parameters };
    }

    /// <summary>A time as expressions show it.</summary>
    public static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
}
