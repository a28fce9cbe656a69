using System.Text.RegularExpressions;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>Replaces the names of pods and replica sets that are made on the way: chance gives them, so they are told by their order.</summary>
internal sealed partial class GeneratedNames
{
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Learns a name in the order of making.</summary>
    public void Learn(string kind, string name)
    {
        if (_names.ContainsKey(name) || !Generated().IsMatch(name)) return;
        var parent = name[..name.LastIndexOf('-')];
        var family = $"{_names.GetValueOrDefault(parent, parent)}+{(kind == "rs" ? "rs" : "")}";
        var number = _counts[family] = _counts.GetValueOrDefault(family) + 1;
        _names.Add(name, $"{family}{number}");
    }

    /// <summary>The text with every learnt name replaced.</summary>
    public string? Replace(string? text)
    {
        if (text is null || _names.Count == 0) return text;

        // The longer first: a pod's name begins with its replica set's.
        foreach (var (name, stands) in _names.OrderByDescending(entry => entry.Key.Length)) text = text.Replace(name, stands, StringComparison.Ordinal);
        return text;
    }

    // Five characters for a pod, up to ten for a template's hash.
    [GeneratedRegex("-([bcdfghjklmnpqrstvwxz2456789]{5}|[bcdfghjklmnpqrstvwxz2456789]{8,10})$")]
    private static partial Regex Generated();
}
