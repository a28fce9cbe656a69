using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace ChaosPS.Binding;

/// <summary>The simulation's options in a hashtable: each value a text, a number, a flag or a duration, or two of these for a range.</summary>
internal static class SimulationText
{
    /// <summary>The names and values of a hashtable as texts.</summary>
    public static Dictionary<string, string> Table(Hashtable options) =>
        options.Cast<DictionaryEntry>().ToDictionary(static entry => Of(entry.Key), static entry => Of(entry.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The text that stands for a name or value.</summary>
    public static string Of(object? value) => value switch
    {
        PSObject wrapped => Of(wrapped.BaseObject),
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        object[] bounds => string.Join("..", bounds.Select(Of)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
