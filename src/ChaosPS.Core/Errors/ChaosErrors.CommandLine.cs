namespace ChaosPS.Errors;

/// <content>What only the command line can get wrong.</content>
public static partial class ChaosErrors
{
    /// <summary>The demo has no module to import.</summary>
    public static ChaosException ModuleNotBuilt(string start) => new(
        "ModuleNotBuilt", ErrorKind.NotFound,
        $"The module ChaosPS is neither in Modules/ChaosPS beside the program nor in output/ChaosPS of a folder above '{start}'.",
        "Build it: dotnet build ChaosPS.sln.", start);
}
