using System.Text;

namespace ChaosPS.Build.Help;

/// <summary>Checks the pages of docs/cmdlets against the cmdlets and writes PowerShell's help files.</summary>
internal static class HelpCommand
{
    public static int Run(string cmdletDocs, string aboutDocs, string moduleAssembly, string powerShell, string output)
    {
        List<string> problems = [];
        List<CmdletHelp> helps = [];
        foreach (var cmdlet in CmdletReader.Read(moduleAssembly, powerShell))
        {
            var file = Path.Combine(cmdletDocs, cmdlet.Name + ".md");
            if (!File.Exists(file))
            {
                problems.Add($"{file}(1,1): error HELP001: {cmdlet.Name} has no page.");
                continue;
            }

            var page = CmdletPage.Read(file, File.ReadAllText(file));
            problems.AddRange(page.Check(cmdlet));
            helps.Add(new CmdletHelp(cmdlet, page));
        }

        problems.AddRange(Directory.EnumerateFiles(cmdletDocs, "*-*.md")
            .Where(file => !helps.Exists(help => help.Page.File == file))
            .Select(file => $"{file}(1,1): error HELP002: no cmdlet has that name."));
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        if (problems.Count > 0) return 1;

        Directory.CreateDirectory(output);
        MamlWriter.Write(Path.Combine(output, "ChaosPS.dll-Help.xml"), helps);
        foreach (var file in Directory.EnumerateFiles(aboutDocs, "about_*.md"))
        {
            var text = AboutTopic.ToText(File.ReadAllText(file));
            File.WriteAllText(Path.Combine(output, Path.GetFileNameWithoutExtension(file) + ".help.txt"), text, new UTF8Encoding(false));
        }

        return 0;
    }
}
