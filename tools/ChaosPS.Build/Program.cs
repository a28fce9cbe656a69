using ChaosPS.Build;
using ChaosPS.Build.Help;

switch (args)
{
    case ["help", var cmdletDocs, var aboutDocs, var module, var powerShell, var output]:
        return HelpCommand.Run(cmdletDocs, aboutDocs, module, powerShell, output);
    case ["notices", var assets, var lib, var output]:
        return NoticesCommand.Run(assets, lib, output);
    default:
        Console.Error.WriteLine("""
            usage: ChaosPS.Build help    <docs/cmdlets> <docs/about> <ChaosPS.dll> <PowerShell reference dll> <output folder>
                   ChaosPS.Build notices <project.assets.json> <lib folder> <output file>
            """);
        return 2;
}
