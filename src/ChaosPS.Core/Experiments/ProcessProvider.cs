using System.ComponentModel;
using System.Diagnostics;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Runs a program. The result is <c>{status, stdout, stderr}</c>, whatever the status.</summary>
/// <remarks>
/// A list of arguments is given to the program as it is; a text goes through the shell. The program begins in the current location, and works in real time, also beside
/// a virtual clock. A time-out or the end of the run kills the whole process tree. .NET does not tell a signal that ended it from an exit code: the status is then 128 and
/// the signal's number, as shells have it.
/// </remarks>
internal sealed record ProcessProvider(DocumentMapping Node) : ActivityProvider(Node)
{
    private static readonly string[] s_keys = ["type", "path", "arguments", "timeout", "secrets"];

    /// <inheritdoc/>
    public override bool HasStatus => true;

    /// <inheritdoc/>
    public override string TextTarget => "stdout";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => ["status", "stdout", "stderr"];

    private string? Path => (Node["path"] as DocumentScalar)?.Value as string;

    /// <inheritdoc/>
    public override void Check(FindingList findings)
    {
        findings.UnknownKeys(Node, "a process provider", s_keys);
        if (string.IsNullOrEmpty(Path)) findings.Error("MissingKey", Node["path"] ?? Node, "A process activity must have a path, which is a text.");
        if (Node["timeout"] is { } timeout && DocumentValues.ToValue(timeout) is not (null or long and > 0 and < Longest.Seconds or double and > 0 and < Longest.Seconds))
            findings.BreaksRun("WrongType", timeout, "A time-out must be a positive number of seconds, at most 24 days.");
    }

    /// <inheritdoc/>
    public override void Check(EnvironmentVariables environment, FindingList findings)
    {
        if (string.IsNullOrEmpty(Path) || Locate(Path, environment) is not null) return;
        findings.Error(
            "ProgramNotFound", Node["path"]!, $"The program '{Path}' cannot be found.", "Install it, or write its whole path. Placeholders are not filled there.");
    }

    /// <inheritdoc/>
    protected override async Task<object?> RunAsync(ActivityContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var arguments = Node["arguments"] is { } node ? context.Substitution.ApplyToArguments(DocumentValues.ToValue(node)) : null;

        // The original has the shell look for "None" then, and takes what that says for the result.
        var path = Locate(Path!, context.Environment)
            ?? (context.Compatibility == RunCompatibility.ChaosToolkit && arguments is string ? "None" : throw ChaosErrors.ProgramNotFound(Path!));
        using var process = new Process { StartInfo = StartInfo(path, arguments, context.Environment.WorkingDirectory) };
        using var surroundings = ProgramSurroundings.Of(context.Connection, process.StartInfo.Environment);
        foreach (var (name, value) in context.Connection.Environment) process.StartInfo.Environment[name] = value;
        foreach (var (name, value) in context.Environment.Added) process.StartInfo.Environment[name] = value;

        // A process lives in real time, whatever clock the run has.
        using var limit = Timeout is { } timeout ? new CancellationTokenSource(timeout, TimeProvider.System) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw ChaosErrors.ProgramNotStarted(path, exception);
        }

        var output = ReadAsync(process.StandardOutput, "stdout");
        var error = ReadAsync(process.StandardError, "stderr");
        try
        {
            // What it has started and left behind may hold its output open after it ended.
            await Task.WhenAll(process.WaitForExitAsync(both.Token), output, error);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChaosException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            if (exception is ChaosException) throw;
            throw ChaosErrors.ProcessTimeout(path, Timeout!.Value);
        }

        return new OrderedDictionary<string, object?>
        {
            ["status"] = (long)process.ExitCode,
            ["stdout"] = await output,
            ["stderr"] = await error,
        };

        async Task<string> ReadAsync(StreamReader reader, string name)
        {
            try
            {
                return await OutputLimit.ReadAsync(reader, $"the {name} of {path}", both.Token);
            }
            catch (ChaosException)
            {
                await both.CancelAsync(); // it writes on, and nobody reads it any more
                throw;
            }
        }
    }

    private TimeSpan? Timeout => Node["timeout"] is null ? null : DocumentValues.ToValue(Node["timeout"]!) switch
    {
        long seconds => TimeSpan.FromSeconds(seconds),
        double seconds => TimeSpan.FromSeconds(seconds),
        _ => null,
    };

    private static ProcessStartInfo StartInfo(string path, object? arguments, string folder)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        if (arguments is string text)
        {
            // The path is quoted, which the original forgets.
            if (OperatingSystem.IsWindows())
            {
                start.FileName = System.Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe";
                start.Arguments = $"/d /s /c \"\"{path}\" {text}\"";
            }
            else
            {
                start.FileName = "/bin/sh";
                start.ArgumentList.Add("-c");
                start.ArgumentList.Add($"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}' {text}");
            }

            return start;
        }

        start.FileName = path;
        foreach (var item in Items(arguments)) start.ArgumentList.Add(item);
        return start;
    }

    /// <summary>The items of a list as text, nothing and empty ones left out; of a mapping, the old form, keys and values.</summary>
    private static IEnumerable<string> Items(object? arguments) => (arguments switch
    {
        IReadOnlyList<object?> list => list,
        IReadOnlyDictionary<string, object?> map => map.SelectMany(static entry => (object?[])[entry.Key, entry.Value]),
        null => [],
        _ => [arguments],
    }).Where(static item => item is not null and not "").Select(PythonValue.Text);

    /// <summary>The whole path of a program, found as a shell finds it; null when there is none.</summary>
    internal static string? Locate(string path, EnvironmentVariables environment)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) return null;
        if (path.StartsWith("~/", StringComparison.Ordinal))
            path = System.IO.Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), path[2..]);
        string[] endings = OperatingSystem.IsWindows()
            ? ["", .. (environment.Get("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';', StringSplitOptions.RemoveEmptyEntries)]
            : [""];
        string[] folders = path.AsSpan().IndexOfAny('/', '\\') >= 0
            ? [""]
            : (environment.Get("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => endings.Select(ending => System.IO.Path.Combine(folder, path + ending)))
            .Select(candidate => System.IO.Path.GetFullPath(candidate, environment.WorkingDirectory)).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) => File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
