using ChaosPS.Ports;

namespace ChaosPS.Manifests;

/// <summary>Shows replacements in a text as <c>diff -u</c> does.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Beyond so many pairs of lines, all lines between the first and the last changed one are shown as changed.</summary>
    private const long MostPairs = 4_000_000;

    /// <summary>The lines of the difference.</summary>
    public static IReadOnlyList<string> Of(string source, string text, IReadOnlyList<TextSplice> splices)
    {
        var before = Lines(text);
        var after = Lines(TextSplice.Apply(text, splices));
        List<string> result = [$"--- {source}", $"+++ {source}"];
        var pairs = Common(before, after);
        List<(char Mark, string Line, int Old, int New)> all = [];
        var (old, now) = (0, 0);
        foreach (var (nextOld, nextNow) in pairs.Append((before.Length, after.Length)))
        {
            while (old < nextOld) all.Add(('-', before[old], old++, now));
            while (now < nextNow) all.Add(('+', after[now], old, now++));
            if (nextOld < before.Length) all.Add((' ', before[old], old++, now++));
        }

        for (var index = 0; index < all.Count;)
        {
            var first = all.FindIndex(index, static line => line.Mark != ' ');
            if (first < 0) break;
            var last = first;
            for (var next = first; next >= 0 && next - last <= (2 * Context) + 1; next = all.FindIndex(next + 1, static line => line.Mark != ' ')) last = next;
            var (from, to) = (Math.Max(index, first - Context), Math.Min(all.Count, last + Context + 1));
            var part = all[from..to];
            result.Add($"@@ -{part[0].Old + 1},{part.Count(static line => line.Mark != '+')} +{part[0].New + 1},{part.Count(static line => line.Mark != '-')} @@");
            result.AddRange(part.Select(static line => line.Mark + line.Line));
            index = to;
        }

        return result;
    }

    private static string[] Lines(string text)
    {
        var lines = text.Split('\n').Select(static line => line.TrimEnd('\r')).ToArray();
        return lines is [.. var all, ""] ? all : lines;
    }

    /// <summary>The lines that both have: the same ones at either end, and the longest sequence between.</summary>
    private static List<(int Old, int New)> Common(string[] before, string[] after)
    {
        var start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start]) start++;
        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)]) end++;
        var (olds, news) = (before[start..^end], after[start..^end]);
        if ((long)olds.Length * news.Length > MostPairs) (olds, news) = ([], []);
        var lengths = new int[olds.Length + 1, news.Length + 1];
        for (var left = olds.Length - 1; left >= 0; left--)
        {
            for (var right = news.Length - 1; right >= 0; right--)
                lengths[left, right] = olds[left] == news[right] ? lengths[left + 1, right + 1] + 1 : Math.Max(lengths[left + 1, right], lengths[left, right + 1]);
        }

        List<(int, int)> pairs = [.. Enumerable.Range(0, start).Select(static index => (index, index))];
        for (int left = 0, right = 0; left < olds.Length && right < news.Length;)
        {
            if (olds[left] == news[right]) pairs.Add((start + left++, start + right++));
            else if (lengths[left + 1, right] >= lengths[left, right + 1]) left++;
            else right++;
        }

        pairs.AddRange(Enumerable.Range(0, end).Select(index => (before.Length - end + index, after.Length - end + index)));
        return pairs;
    }
}
