using System.Reflection;

namespace ChaosPS.Cli.Tests;

/// <summary>The files that the program brings, and files that tests write.</summary>
internal static class Samples
{
    public static string RepositoryRoot { get; } = typeof(Samples).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string StopNode => Path.Combine(AppContext.BaseDirectory, "samples", "stop-node.yaml");

    /// <summary>The sample with a mistake made in it.</summary>
    public static string Spoil(string name, string right, string wrong)
    {
        var text = File.ReadAllText(StopNode);
        Assert.Contains(right, text, StringComparison.Ordinal);
        return Write(name, text.Replace(right, wrong, StringComparison.Ordinal));
    }

    public static string Write(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "written"));
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
