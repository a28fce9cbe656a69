using System.Collections;
using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Binding;

/// <summary>Experiments that are objects of PowerShell.</summary>
internal static class ExperimentObject
{
    /// <summary>As deep as a document may be nested.</summary>
    private const int Deepest = 200;

    private static readonly string[] s_paths = ["FullName", "LiteralPath", "PSPath"];

    /// <summary>The file that an object stands for: a file, or what has its path in a property; null when it is none.</summary>
    public static string? FileOf(PSObject value) => value.BaseObject switch
    {
        FileInfo file => file.FullName,
        PSCustomObject => s_paths.Select(name => value.Properties[name]?.Value as string).FirstOrDefault(static path => path is not null),
        _ => null,
    };

    /// <summary>Reads an experiment from hashtables, lists and plain values.</summary>
    /// <exception cref="ChaosException">It is nothing of the kind: ids <c>ExperimentObjectInvalid</c>, <c>ExperimentTooDeep</c>.</exception>
    public static Experiment Read(PSObject value, IDocumentReader documents) => value.BaseObject is IDictionary or PSCustomObject
        ? ExperimentSource.ReadObject(Plain(value, 0), documents)
        : throw ChaosErrors.ExperimentObjectInvalid(value.BaseObject.GetType().Name);

    private static object? Plain(object? value, int depth)
    {
        if (depth > Deepest) throw ChaosErrors.ExperimentTooDeep(Deepest);
        return value switch
        {
            PSObject { BaseObject: PSCustomObject } custom =>
                Map(custom.Properties.Select(property => KeyValuePair.Create(property.Name, Plain(property.Value, depth + 1)))),
            PSObject wrapped => Plain(wrapped.BaseObject, depth),
            IDictionary map => Map(map.Keys.Cast<object>().Select(key => KeyValuePair.Create(LanguagePrimitives.ConvertTo<string>(key), Plain(map[key], depth + 1)))),
            string or byte[] => value,
            IEnumerable items => items.Cast<object?>().Select(item => Plain(item, depth + 1)).ToArray(),
            SwitchParameter flag => flag.IsPresent,
            Enum or char => value.ToString(),
            TimeSpan time => time.TotalSeconds,
            _ => value,
        };
    }

    private static OrderedDictionary<string, object?> Map(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var map = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in entries) map[key] = value;
        return map;
    }
}
