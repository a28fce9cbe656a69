using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace ChaosPS.Build;

/// <summary>Writes the licence notices of the packages whose assemblies are in the module's lib folder.</summary>
internal static class NoticesCommand
{
    private const string Rule = "--------------------------------------------------------------------------------";

    public static int Run(string assetsFile, string lib, string output)
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        var shipped = Directory.EnumerateFiles(lib, "*.dll").Select(Path.GetFileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] folders = [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        var text = new StringBuilder("""
            ChaosPS is licensed under the MIT licence (LICENSE). Its folder lib/ holds assemblies of the packages below,
            unchanged, each under the licence that its authors state.

            """).Append('\n');
        var licences = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var library in assets.RootElement.GetProperty("libraries").EnumerateObject().OrderBy(library => library.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (library.Value.GetProperty("type").GetString() != "package") continue;
            string[] files = [.. library.Value.GetProperty("files").EnumerateArray().Select(file => file.GetString()!)];
            if (!files.Any(file => shipped.Contains(Path.GetFileName(file)))) continue;
            var path = library.Value.GetProperty("path").GetString()!;
            var folder = folders.Select(root => Path.Combine(root, path)).FirstOrDefault(Directory.Exists);
            if (folder is null)
            {
                Console.Error.WriteLine($"{assetsFile}(1,1): error NOTICE001: package {library.Name} is not in the package folders.");
                return 1;
            }

            text.Append(Rule).Append('\n').Append(Notice(folder, licences)).Append('\n');
        }

        foreach (var licence in licences)
        {
            // Both licences ask for their text to go with the copies.
            var file = Path.Combine(AppContext.BaseDirectory, "Licences", licence + ".txt");
            if (!File.Exists(file))
            {
                Console.Error.WriteLine($"{assetsFile}(1,1): error NOTICE002: no text of the licence {licence} in Licences/.");
                return 1;
            }

            text.Append(Rule).Append($"\nThe licence {licence}\n\n").Append(File.ReadAllText(file)).Append('\n');
        }

        File.WriteAllText(output, text.ToString().ReplaceLineEndings("\n"), new UTF8Encoding(false));
        return 0;
    }

    private static string Notice(string folder, SortedSet<string> licences)
    {
        var nuspec = XDocument.Load(Directory.EnumerateFiles(folder, "*.nuspec").Single());
        var metadata = nuspec.Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        var licence = Element("license");
        var notice = new StringBuilder().Append($"{Text("id")} {Text("version")}\n");
        if (Text("copyright") is { Length: > 0 } copyright) notice.Append(copyright).Append('\n');
        else if (Text("authors") is { Length: > 0 } authors) notice.Append($"Authors: {authors}\n");
        if (Text("projectUrl") is { Length: > 0 } project) notice.Append(project).Append('\n');
        if (licence?.Attribute("type")?.Value == "file")
        {
            notice.Append('\n').Append(File.ReadAllText(Path.Combine(folder, licence.Value.Replace('\\', '/')))).Append('\n');
        }
        else
        {
            var name = licence?.Value ?? Text("licenseUrl");
            licences.Add(name);
            notice.Append($"Licence: {name}\n");
        }

        return notice.ToString();

        XElement? Element(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name);
        string Text(string name) => Element(name)?.Value.Trim() ?? "";
    }
}
