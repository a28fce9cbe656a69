namespace ChaosPS.Tests;

/// <summary>Recorded cases that need YAML or the web, and are played in the tests of the command line.</summary>
internal static class RecordedElsewhere
{
    /// <summary>Their ids.</summary>
    public static readonly string[] Ids = ["http-020", "varfile-004", "varfile-013"];
}
