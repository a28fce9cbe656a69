namespace ChaosPS.Sandbox.Sources;

/// <summary>Names sandboxes after the files that they are made of.</summary>
internal static class SourceName
{
    private static readonly string[] s_endings = [".gz", ".json", ".yaml", ".yml"];

    /// <summary>The last part of a path without its endings, as a part of a host name: lower case, digits and dashes.</summary>
    public static string Of(string path)
    {
        const int Longest = 40;
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        foreach (var ending in s_endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) name = name[..^ending.Length];
        }

        string safe = new([.. name.ToLowerInvariant().Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);
        safe = safe.Trim('-');
        return safe.Length == 0 ? "sandbox" : safe[..Math.Min(safe.Length, Longest)].TrimEnd('-');
    }
}
