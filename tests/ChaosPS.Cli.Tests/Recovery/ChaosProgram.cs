using System.Diagnostics;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>The command line as a process of its own.</summary>
internal sealed class ChaosProgram : IDisposable
{
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ChaosProgram(Process process)
    {
        Process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "ChaosPS.Cli" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    public Process Process { get; }

    public static ChaosProgram Start(params string[] args) => Start(Path, args);

    /// <summary>Starts it through another program, whose arguments come first.</summary>
    public static ChaosProgram Start(string program, string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };

        // A process that lives for a second has nothing to learn; without the rest it starts in less time.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["NO_COLOR"] = "1";
        return new ChaosProgram(Process.Start(start)!);
    }

    public async Task<CommandLineRun> EndAsync()
    {
        await Process.WaitForExitAsync();
        return new CommandLineRun(Process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.Dispose();
    }
}
