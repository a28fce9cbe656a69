using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>Reads a recorded timeline: one line a change, its time, kind and name first.</summary>
internal static partial class TimelineReader
{
    private static readonly DateTimeOffset s_day = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Time(string text) =>
        s_day + TimeSpan.Parse(text.TrimEnd('Z'), CultureInfo.InvariantCulture);

    /// <summary>The transitions from a time on.</summary>
    public static List<Transition> Read(string file, DateTimeOffset from) =>
        Read(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recordings", "timelines", file)), from);

    /// <summary>The transitions from a time on.</summary>
    public static List<Transition> Read(IEnumerable<string> timeline, DateTimeOffset from)
    {
        var lines = timeline
            .Select(line => Line().Match(line)).Where(line => line.Success && line.Groups["kind"].Value != "***" && Time(line.Groups["time"].Value) >= from)
            .ToList();
        GeneratedNames names = new();
        foreach (var line in lines)
        {
            if (line.Groups["text"].Value.StartsWith(Transition.Added, StringComparison.Ordinal)) names.Learn(line.Groups["kind"].Value, line.Groups["name"].Value);
        }

        return [.. lines.SelectMany(line => ReadLine(line, names))];
    }

    private static IEnumerable<Transition> ReadLine(Match line, GeneratedNames names)
    {
        var at = Time(line.Groups["time"].Value);
        var (kind, name, text) = (line.Groups["kind"].Value, line.Groups["name"].Value, names.Replace(line.Groups["text"].Value)!);
        if (kind == "event")
        {
            var written = EventText().Match(text);
            Assert.True(written.Success, line.Value);
            yield return new Transition(
                at, names.Replace(name)!, $"event {written.Groups["what"].Value} from={written.Groups["from"].Value}", null, written.Groups["message"].Value)
            {
                Detail = written.Groups["count"].Value,
            };
            yield break;
        }

        // The end of a slice's name is chance; here every Service has one slice.
        var about = kind == "epslice" ? $"epslice {name[..name.LastIndexOf('-')]}" : $"{kind} {names.Replace(name)}";
        if (text.StartsWith(Transition.Added, StringComparison.Ordinal) || text == Transition.Deleted)
        {
            yield return new Transition(at, about, text == Transition.Deleted ? Transition.Deleted : Transition.Added, null, null) { Detail = Beginning(text) };
            yield break;
        }

        foreach (var change in text.TrimEnd(';').Split("; "))
        {
            var colon = change.IndexOf(": ", StringComparison.Ordinal);
            var values = change[(colon + 2)..].Split(" -> ");
            var field = change[..colon];
            yield return new Transition(at, about, field, Value(field, values[0]), Value(field, values[1])) { Times = [.. Instant().Matches(values[1]).Select(time => DateTimeOffset.Parse(time.Value, CultureInfo.InvariantCulture))] };
        }
    }

    /// <summary>What a new object began with, in the order of the fields, without the times.</summary>
    private static string Beginning(string text)
    {
        if (text == Transition.Deleted) return "";
        using var document = JsonDocument.Parse(text[(Transition.Added.Length + 1)..]);
        return Instant().Replace(string.Join(", ", document.RootElement.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}: {Value(field.Name, field.Value.GetRawText())}")), "");
    }

    /// <summary>The value without the times in it: those are compared by when the line was written.</summary>
    private static string? Value(string field, string json)
    {
        using var document = JsonDocument.Parse(json);
        var value = document.RootElement;
        if (value.ValueKind == JsonValueKind.Null) return null;
        return field switch
        {
            _ when field.StartsWith("cond.", StringComparison.Ordinal) => $"{value[0].GetString()} {value[1].GetString()}".TrimEnd(),
            "taints" => value.GetArrayLength() == 0 ? null : string.Join(", ", value.EnumerateArray().Select(taint => taint.GetString()!.Split('@')[0]).Order()),
            "eps" => string.Join(", ", value.EnumerateArray().Select(endpoint => endpoint.GetString()).Order(StringComparer.Ordinal)),
            "deletion" => $"{value[1].GetInt64()} s",
            "disruptedPods" => string.Join(", ", value.EnumerateObject().Select(pod => pod.Name)),
            "containersReady" or "restarts" => string.Join(", ", value.EnumerateArray().Select(item => item.GetRawText())),
            _ => value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText(),
        };
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Instant();

    [GeneratedRegex(@"^(?<time>\S+Z) (?<kind>\S+)\s+(?<name>\S+) (?<text>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^(?<what>\S+ \S+) (?<count>x\w+) from=(?<from>\S+): (?<message>.*)$")]
    private static partial Regex EventText();
}
