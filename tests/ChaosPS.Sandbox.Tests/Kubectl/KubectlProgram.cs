using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ChaosPS.Sandbox.Tests.Kubectl;

/// <summary>The kubectl of this machine, with a home directory of its own.</summary>
internal sealed partial class KubectlProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("chaosps-kubectl-");

    /// <param name="server">The API server.</param>
    /// <param name="namespace">Where commands look that name no namespace.</param>
    public KubectlProgram(Uri server, string @namespace) => File.WriteAllText(
        Path.Combine(_home.FullName, "config"),
        $$$"""
        {
          "apiVersion": "v1", "kind": "Config", "current-context": "sandbox",
          "clusters": [{"name": "sandbox", "cluster": {"server": "{{{server}}}"}}],
          "users": [{"name": "sandbox", "user": {}}],
          "contexts": [{"name": "sandbox", "context": {"cluster": "sandbox", "user": "sandbox", "namespace": "{{{@namespace}}}"}}]
        }
        """);

    /// <summary>Where it is; null when this machine has none.</summary>
    public static string? Location { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .SelectMany(directory => new[] { "kubectl", "kubectl.exe" }, Path.Combine)
        .FirstOrDefault(File.Exists);

    public void Dispose() => _home.Delete(recursive: true);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The arguments; those with spaces in single quotes.</param>
    /// <param name="input">What it reads from standard input.</param>
    public async Task<Result> RunAsync(string command, string? input = null)
    {
        using var process = Start(command);
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return new Result(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"kubectl {command} did not end.");
        }
    }

    /// <summary>Reads the lines of a command that does not end by itself, and ends it.</summary>
    /// <param name="command">The arguments.</param>
    /// <param name="isLast">Whether a line is the last one that matters.</param>
    public async Task ReadAsync(string command, Func<string, Task<bool>> isLast)
    {
        using var process = Start(command);
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (await isLast(line)) return;
            }

            throw new EndOfStreamException($"kubectl {command}: {await process.StandardError.ReadToEndAsync(patience.Token)}");
        }
        finally
        {
            process.Kill();
        }
    }

    private Process Start(string command)
    {
        var start = new ProcessStartInfo(Location!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _home.FullName };
        foreach (Match word in Words().Matches(command)) start.ArgumentList.Add(word.Value.Replace("'", "", StringComparison.Ordinal));
        start.Environment["KUBECONFIG"] = Path.Combine(_home.FullName, "config");
        start.Environment["HOME"] = _home.FullName;
        start.Environment["NO_PROXY"] = "127.0.0.1";
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"(?:'[^']*'|[^\s'])+")]
    private static partial Regex Words();

    /// <summary>What a command came to.</summary>
    internal sealed record Result(int ExitCode, string Output, string Error);
}
