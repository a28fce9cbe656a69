using ChaosPS.Errors;

namespace ChaosPS.Cli.Demo;

/// <summary>Finds the built module.</summary>
internal static class ModuleFolder
{
    private const string Manifest = "ChaosPS.psd1";

    /// <summary>The manifest in <c>Modules/ChaosPS</c> beside the program, else in <c>output/ChaosPS/VERSION</c> of the nearest folder above that has one.</summary>
    /// <exception cref="ChaosException">There is none.</exception>
    public static string Find(string start)
    {
        var beside = Path.Combine(start, "Modules", "ChaosPS", Manifest);
        if (File.Exists(beside)) return beside;
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "output", "ChaosPS", Version(), Manifest);
            if (File.Exists(built)) return built;
        }

        throw ChaosErrors.ModuleNotBuilt(start);
    }

    /// <summary>This program's own version: a module of another one would be another product.</summary>
    private static string Version() => typeof(ModuleFolder).Assembly.GetName().Version!.ToString(3);
}
