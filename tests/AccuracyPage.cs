namespace ChaosPS;

/// <summary>The tables of docs/resilience.md that tests write: they are what the tests find, or the tests fail.</summary>
internal static class AccuracyPage
{
    /// <summary>Holds a table against the one after a mark of the page, or writes it there.</summary>
    public static void Hold(string mark, string table)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "ChaosPS.sln"))) root = root.Parent!;
        var page = Path.Combine(root.FullName, "docs", "resilience.md");
        var text = File.ReadAllText(page);
        var start = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        var end = text.IndexOf("\n\n", text.IndexOf('|', start), StringComparison.Ordinal);
        var wanted = $"{text[..start]}\n\n{table.TrimEnd('\n')}{text[end..]}";
        if (Environment.GetEnvironmentVariable("CHAOSPS_UPDATE_DOCS") == "1") File.WriteAllText(page, wanted);
        else Assert.Equal(wanted, text);
    }
}
