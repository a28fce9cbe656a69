using System.Numerics;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Yaml;

/// <summary>Equal keys of a mapping, as Python's dict sees them: the first one's place, the last one's value; 1, 1.0 and true are equal.</summary>
internal static class DocumentKeys
{
    // A key wrapped in a tuple may be null.
    public static IReadOnlyList<DocumentEntry> LastOfEqual(IReadOnlyList<DocumentEntry> entries)
    {
        var places = new Dictionary<ValueTuple<object?>, int>();
        var result = new List<DocumentEntry>(entries.Count);
        foreach (var entry in entries)
        {
            var identity = ValueTuple.Create(Identity(entry.Key.Value));
            if (places.TryAdd(identity, result.Count))
            {
                result.Add(entry);
            }
            else
            {
                var place = places[identity];
                result[place] = new DocumentEntry(entry.Key with { Value = result[place].Key.Value }, entry.Value);
            }
        }

        return result;
    }

    private static object? Identity(object? key) => key switch
    {
        bool flag => flag ? BigInteger.One : BigInteger.Zero,
        long number => (BigInteger)number,
        double number when double.IsInteger(number) => (BigInteger)number,
        _ => key,
    };
}
