using System.Collections;
using System.Management.Automation;
using System.Security;

namespace ChaosPS.Binding;

/// <summary>Turns objects of PowerShell into plain values: mappings, lists and scalars, as JSON has them.</summary>
/// <param name="deepest">How deep hashtables, lists and custom objects may be nested.</param>
/// <param name="beyond">What becomes of an object that lies deeper, and of other objects within other objects.</param>
internal sealed class PlainValues(int deepest, Func<object, object?> beyond)
{
    /// <summary>Of an object that is no data its own properties say enough, and those of their objects: a file has a folder, which has a root.</summary>
    private const int DeepestObject = 2;

    /// <summary>More than anybody reads in a journal.</summary>
    private const int MostValues = 20_000;

    /// <summary>What the provider of the file system adds: it says where an object was found, not what it is.</summary>
    private static readonly string[] s_added = ["PSPath", "PSParentPath", "PSDrive", "PSProvider"];

    private int _count;

    /// <summary>What an object of a script's output becomes; what lies too deep is its text.</summary>
    public static object? OfOutput(object? value) => new PlainValues(20, static deeper => LanguagePrimitives.ConvertTo<string>(deeper)).Of(value);

    /// <summary>The plain value of an object.</summary>
    public object? Of(object? value) => Of(value, 0, 0);

    private object? Of(object? value, int depth, int objects)
    {
        if (value is null) return null;
        var wrapped = PSObject.AsPSObject(value);
        var inner = wrapped.BaseObject;
        return IsPlain(inner) ? Scalar(inner) : Compound(inner, wrapped, depth, objects);
    }

    private static bool IsPlain(object value) =>
        value is string or byte[] or SecureString or PSCredential or Uri or IComparable or Type or ScriptBlock or System.Net.IPAddress or System.Text.RegularExpressions.Regex
            or ErrorRecord or Exception or ValueType;

    private static object? Scalar(object value) => value switch
    {
        string or byte[] or bool or DateTime or DateTimeOffset => value,
        SwitchParameter flag => flag.IsPresent,
        TimeSpan time => time.TotalSeconds,
        SecureString or PSCredential => "***",
        ErrorRecord or Exception => value.ToString(),
        IConvertible and not (Enum or char) => value,
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };

    private object? Compound(object value, PSObject wrapped, int depth, int objects)
    {
        if (depth >= deepest || objects >= DeepestObject || ++_count > MostValues) return beyond(value);
        return value switch
        {
            IDictionary map => Map(map.Keys.Cast<object>().Select(key => KeyValuePair.Create(LanguagePrimitives.ConvertTo<string>(key), Of(map[key], depth + 1, objects)))),
            IEnumerable items => items.Cast<object?>().Select(item => Of(item, depth + 1, objects)).ToArray(),
            _ => Map(Properties(wrapped).Select(property => KeyValuePair.Create(
                property.Name, Of(Value(property), depth + 1, value is PSCustomObject ? objects : objects + 1)))),
        };
    }

    private static IEnumerable<PSPropertyInfo> Properties(PSObject value) => value.Properties.Where(static property =>
        property.IsGettable && property.MemberType != PSMemberTypes.AliasProperty && !s_added.Contains(property.Name));

    private static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            // A property that cannot be read now, as the exit code of a process that runs, has no value.
            return null;
        }
    }

    private static OrderedDictionary<string, object?> Map(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var map = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in entries) map[key] = value;
        return map;
    }
}
