namespace ChaosPS.Experiments;

/// <summary>Where the Chaos Toolkit's JSON Path differs from what most writers of paths expect: what they may have meant, and what to write for it.</summary>
internal static class JsonPathDialect
{
    private const string Rules = "It begins with $, compares with = and puts texts in double quotes; a filter tests the node itself: $.items[*][?(@.ready=true)].";

    /// <summary>What is read in another way than is common.</summary>
    /// <param name="path">The path, read.</param>
    /// <param name="text">The path, as written.</param>
    public static IEnumerable<(string What, string Better)> Remarks(JsonPath path, string text)
    {
        if (path.FilterOnName is { } filter)
        {
            yield return ($"The filter in {text} tests the list or mapping itself, and not what is in it, as it does in other dialects.",
                $"Did you mean {text[..filter]}[*]{text[filter..]} ?");
        }

        if (path.MixesAndWithOr)
            yield return ($"In {text} 'or' binds tighter than 'and', unlike in other languages.", "Put what belongs together into parentheses.");
        if (path.BackwardSlice)
            yield return ($"A slice with a negative step in {text} begins at the first item when its start is left out, and so gives nothing.", "Write start, end and step: [2:0:-1].");
        if (path.NamesLength)
            yield return ($"{text} looks for a member of the name length.", "The number of items is .length().");
    }

    /// <summary>What to write for a path that cannot be read: the same in this dialect, when it is clear what that is.</summary>
    public static string Suggest(string path)
    {
        var text = path.Trim().Replace("===", "=", StringComparison.Ordinal).Replace("==", "=", StringComparison.Ordinal).Replace("<>", "!=", StringComparison.Ordinal)
            .Replace("&&", " and ", StringComparison.Ordinal).Replace("||", " or ", StringComparison.Ordinal)
            .Replace("!@", "not @", StringComparison.Ordinal).Replace("!(", "not (", StringComparison.Ordinal)
            .Replace('\'', '"').Replace("  ", " ", StringComparison.Ordinal);
        if (!text.StartsWith('$')) text = text.StartsWith('[') ? "$" + text : "$." + text;
        try
        {
            var filter = JsonPath.Parse(text).FilterOnName;
            return $"Did you mean {(filter is { } at ? $"{text[..at]}[*]{text[at..]}" : text)} ? {Rules}";
        }
        catch (FormatException)
        {
            return Rules;
        }
    }
}
