using System.Reflection;
using System.Runtime.InteropServices;

namespace ChaosPS.Build.Help;

/// <summary>Reads cmdlets and their parameters from the module's assembly without running it.</summary>
internal static class CmdletReader
{
    private const string Namespace = "System.Management.Automation.";

    public static IReadOnlyList<Cmdlet> Read(string moduleAssembly, string powerShell)
    {
        string[] paths =
        [
            .. Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll"),
            .. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(moduleAssembly))!, "*.dll"),
            powerShell,
        ];
        using var context = new MetadataLoadContext(new PathAssemblyResolver(paths));
        return
        [
            .. context.LoadFromAssemblyPath(Path.GetFullPath(moduleAssembly)).GetTypes()
                .Select(type => (Type: type, Attribute: Find(type.GetCustomAttributesData(), "CmdletAttribute")))
                .Where(pair => pair.Attribute is not null)
                .Select(pair => Read(pair.Type, pair.Attribute!))
                .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
        ];
    }

    private static Cmdlet Read(Type type, CustomAttributeData attribute)
    {
        var name = $"{attribute.ConstructorArguments[0].Value}-{attribute.ConstructorArguments[1].Value}";
        var parameters = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(Read).OfType<CmdletParameter>()
            .OrderBy(parameter => parameter.Uses.Min(use => use.Position) ?? int.MaxValue);
        return new Cmdlet(name, Named(attribute, "SupportsShouldProcess") is true, [.. parameters]);
    }

    private static CmdletParameter? Read(PropertyInfo property)
    {
        var attributes = property.GetCustomAttributesData();
        ParameterUse[] uses = [.. attributes.Where(attribute => Is(attribute, "ParameterAttribute")).Select(Read)];
        if (uses.Length == 0) return null;
        var aliases = Find(attributes, "AliasAttribute")?.ConstructorArguments[0].Value as IReadOnlyCollection<CustomAttributeTypedArgument> ?? [];
        return new CmdletParameter(
            property.Name, TypeName(property.PropertyType), [.. aliases.Select(alias => (string)alias.Value!)],
            Find(attributes, "SupportsWildcardsAttribute") is not null, uses);
    }

    private static ParameterUse Read(CustomAttributeData attribute) => new(
        (string?)Named(attribute, "ParameterSetName"),
        Named(attribute, "Mandatory") is true,
        (int?)Named(attribute, "Position"),
        Named(attribute, "ValueFromPipeline") is true,
        Named(attribute, "ValueFromPipelineByPropertyName") is true);

    private static string TypeName(Type type)
    {
        if (type.IsArray) return TypeName(type.GetElementType()!) + "[]";
        return type.Name == "Nullable`1" ? TypeName(type.GetGenericArguments()[0]) : type.Name;
    }

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    private static CustomAttributeData? Find(IEnumerable<CustomAttributeData> attributes, string name) =>
        attributes.FirstOrDefault(attribute => Is(attribute, name));

    private static bool Is(CustomAttributeData attribute, string name) => attribute.AttributeType.FullName == Namespace + name;
}
