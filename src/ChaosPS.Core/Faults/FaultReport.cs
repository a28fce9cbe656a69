using System.Globalization;

namespace ChaosPS.Faults;

/// <summary>What the script of a fault says at its end, in a line of its own: <c>chaosps id=… state=…</c>.</summary>
/// <param name="State">running, failed or over.</param>
/// <param name="Found">What the script that ends it has found: running, ended, left or nothing; null of the one that begins it.</param>
/// <param name="Result">How the fault has ended, in systemd's words: success when it was stopped, timeout when its time was up; null when nobody knows.</param>
/// <param name="At">When, by the machine's clock.</param>
internal sealed record FaultReport(string State, string? Found, string? Result, DateTimeOffset? At)
{
    /// <summary>The report about a fault in what a script has written; null when there is none.</summary>
    public static FaultReport? Find(string output, string id)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (var line in output.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (!line.StartsWith("chaosps ", StringComparison.Ordinal)) continue;
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var part in line.Split(' ').Skip(1))
            {
                if (part.Split('=', 2) is [var name, var value]) values[name] = value;
            }

            if (values.GetValueOrDefault("id") != id || !values.TryGetValue("state", out var state)) continue;
            var at = long.TryParse(values.GetValueOrDefault("at"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
            return new FaultReport(state, values.GetValueOrDefault("found"), values.GetValueOrDefault("result"), at);
        }

        return null;
    }

    /// <summary>The line.</summary>
    public string ToLine(string id) => string.Create(
        CultureInfo.InvariantCulture,
        $"chaosps id={id} state={State}{(Found is null ? "" : $" found={Found}")}{(Result is null ? "" : $" result={Result}")}{(At is { } at ? $" at={at.ToUnixTimeSeconds()}" : "")}");
}
