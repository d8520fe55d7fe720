using System.Reflection;
using System.Text;

namespace Auspex.Tests.Library;

/// <summary>The public members of an assembly, a line each in ordinal order.</summary>
internal static class PublicSurface
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in assembly.GetExportedTypes())
        {
            lines.Add($"{Name(type)} : {KindOf(type)}");
            if (type.IsEnum)
            {
                foreach (var name in Enum.GetNames(type))
                {
                    lines.Add($"{Name(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}");
                }

                continue;
            }

            foreach (var member in type.GetMembers(Own).Where(IsWritten))
            {
                lines.Add($"{Name(type)}.{Describe(member)}");
            }
        }

        return new StringBuilder().AppendJoin('\n', lines).Append('\n').ToString();
    }

    /// <summary>Every type that a caller of the members gets to see.</summary>
    public static IEnumerable<Type> TypesSeen(Assembly assembly) => assembly.GetExportedTypes()
        .SelectMany(type => type.GetMembers(Own))
        .SelectMany(member => member switch
        {
            MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
            ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
            PropertyInfo property => [property.PropertyType],
            _ => Enumerable.Empty<Type>(),
        })
        .SelectMany(Parts);

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Append(type);

    // Records' own equality and printing follow from their members; accessors from their properties.
    private static bool IsWritten(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } => false,
        MethodInfo { Name: "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "<Clone>$" or "Deconstruct" } => false,
        PropertyInfo { Name: "EqualityContract" } => false,
        Type => false,
        _ => true,
    };

    private static string Describe(MemberInfo member) => member switch
    {
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{method.Name}({Parameters(method)}) : {Name(method.ReturnType)}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        PropertyInfo property => $"{(property.GetMethod!.IsStatic ? "static " : "")}{property.Name} {{ get; {(property.SetMethod is { IsPublic: true } ? "init; " : "")}}} : {Name(property.PropertyType)}",
        _ => member.ToString()!,
    };

    private static string Parameters(MethodBase method) => string.Join(
        ", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.DefaultValue ?? "default") : "")}"));

    private static string Name(Type type)
    {
        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        var name = type.Namespace is "System" or "Auspex.Library" or "System.Collections.Generic" or "System.Threading.Tasks" or "System.Threading" or "System.IO"
            ? type.Name
            : $"{type.Namespace}.{type.Name}";
        return type.IsGenericType
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : name;
    }

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum" : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "sealed class" : "class";
}
