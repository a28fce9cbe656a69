using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Cli;

/// <summary>The exit codes that are no run's outcome; those of runs are the numbers of <see cref="RunOutcome"/>.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Ok = (int)RunOutcome.Passed;

    /// <summary>The demo did not show what it is there to show.</summary>
    public const int DemoFailed = 1;

    /// <summary>The command line is wrong: an unknown option, a missing file.</summary>
    public const int Usage = 2;

    /// <summary>The experiment's definition is invalid.</summary>
    public const int InvalidDefinition = 3;

    /// <summary>The one exit code that the Chaos Toolkit has for whatever went wrong, with <c>--compatibility chaostoolkit</c>.</summary>
    public const int ToolkitFailed = 1;

    /// <summary>A defect of ChaosPS itself (EX_SOFTWARE of sysexits.h).</summary>
    public const int Defect = 70;

    /// <summary>The exit code of a failure that kept a run from starting: nothing was touched.</summary>
    public static int Of(ChaosException exception) => exception switch
    {
        { Kind: ErrorKind.InvalidArgument } or { ErrorId: "FileNotFound" or "FileUnreadable" or "SandboxNotFound" or "SourceUnreachable" or "SourceTimeout" or "SourceRefused" or "SourceTokenExposed" } => Usage,
        { Kind: ErrorKind.InvalidData } => InvalidDefinition,
        _ => (int)RunOutcome.NotStarted,
    };
}
