using ChaosPS.Experiments;

namespace ChaosPS.Cli.Tests;

/// <summary>An experiment of a public repository, and what the Chaos Toolkit's validation said of it.</summary>
internal sealed record CorpusFile(string Path, bool IsMapped, bool IsValid, string Message)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The files of a folder that its index names.</summary>
    public static IReadOnlyList<CorpusFile> All(string folder)
    {
        var lines = File.ReadAllLines(System.IO.Path.Combine(folder, "index.tsv")).Select(static line => line.Split('\t')).ToArray();
        var columns = lines[0];
        return
        [
            .. lines[1..].Select(cells => new CorpusFile(
                System.IO.Path.Combine(folder, cells[Array.IndexOf(columns, "file")]),
                Functions(cells[Array.IndexOf(columns, "python_modules")]).All(static name => ActivityCatalogue.Modules.Contains(name[..name.IndexOf(':', StringComparison.Ordinal)])),
                cells[Array.IndexOf(columns, "ctk_validate")] == "valid",
                cells.ElementAtOrDefault(Array.IndexOf(columns, "ctk_message")) ?? "")),
        ];
    }

    /// <summary>The functions that activities name, as <c>module:function</c>; those of controls are no activities.</summary>
    private static IEnumerable<string> Functions(string cell) =>
        cell.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(static name => !name.EndsWith("(control)", StringComparison.Ordinal));
}
