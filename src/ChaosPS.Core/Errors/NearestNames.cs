namespace ChaosPS.Errors;

/// <summary>Finds the known names that a mistyped one probably means.</summary>
public static class NearestNames
{
    /// <summary>The known names within a third of the length in edits, nearest first; at most <paramref name="count"/>.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> known, int count = 3)
    {
        ArgumentNullException.ThrowIfNull(name);
        var limit = Math.Max(2, name.Length / 3);
        return
        [
            .. known.Select(candidate => (Name: candidate, Edits: Distance(name, candidate)))
                .Where(candidate => candidate.Edits <= limit)
                .OrderBy(static candidate => candidate.Edits).ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
                .Take(count)
                .Select(static candidate => candidate.Name),
        ];
    }

    /// <summary>A sentence such as <c>Did you mean 'rollbacks'?</c>; null when nothing is near.</summary>
    public static string? Suggest(string name, IEnumerable<string> known)
    {
        var near = Find(name, known);
        return near.Count == 0 ? null : $"Did you mean {string.Join(" or ", near.Select(static candidate => $"'{candidate}'"))}?";
    }

    /// <summary>How many letters must be inserted, removed, replaced or swapped with their neighbour; case does not count.</summary>
    public static int Distance(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var (a, b) = (left.ToUpperInvariant(), right.ToUpperInvariant());
        var edits = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) edits[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) edits[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                edits[i, j] = Math.Min(Math.Min(edits[i - 1, j] + 1, edits[i, j - 1] + 1), edits[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }

        return edits[a.Length, b.Length];
    }
}
