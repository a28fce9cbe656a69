using System.Text;
using ChaosPS.Help;

// chaosps-help CMDLETS-DOCS ABOUT-DOCS MODULE-ASSEMBLY POWERSHELL-REFERENCE OUTPUT-FOLDER
if (args.Length != 5)
{
    await Console.Error.WriteLineAsync("usage: ChaosPS.Help <docs/cmdlets> <docs/about> <ChaosPS.dll> <System.Management.Automation.dll> <output>");
    return 2;
}

var (cmdletDocs, aboutDocs, moduleAssembly, powerShell, output) = (args[0], args[1], args[2], args[3], args[4]);
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

foreach (var file in Directory.EnumerateFiles(cmdletDocs, "*-*.md"))
{
    if (!helps.Exists(help => help.Page.File == file) && !problems.Exists(problem => problem.StartsWith(file, StringComparison.Ordinal)))
        problems.Add($"{file}(1,1): error HELP002: no cmdlet has that name.");
}

foreach (var problem in problems) await Console.Error.WriteLineAsync(problem);
if (problems.Count > 0) return 1;

Directory.CreateDirectory(output);
MamlWriter.Write(Path.Combine(output, "ChaosPS.dll-Help.xml"), helps);
foreach (var file in Directory.EnumerateFiles(aboutDocs, "about_*.md"))
{
    var text = AboutTopic.ToText(File.ReadAllText(file));
    File.WriteAllText(Path.Combine(output, Path.GetFileNameWithoutExtension(file) + ".help.txt"), text, new UTF8Encoding(false));
}

return 0;
