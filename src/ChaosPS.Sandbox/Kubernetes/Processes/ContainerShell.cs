using System.Globalization;
using System.Text;
using ChaosPS.Simulation;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Kubernetes.Processes;

/// <summary>The programs that every container of the sandbox has. Any other is not found, as in an image that does not have it.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="target">The container.</param>
/// <param name="variables">Its variables.</param>
/// <param name="session">Where programs read and write.</param>
internal sealed class ContainerShell(SandboxCluster cluster, ContainerTarget target, OrderedDictionary<string, string> variables, ExecSession session)
{
    private const int NotFound = 127;
    private const int Wrong = 2;

    /// <summary>The exit code of what the kernel has killed: 128 and the number of the signal.</summary>
    private const int Killed = 137;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Signals that end an application in the sandbox. SIGKILL from inside its container does not reach a first process, as the kernel has it.</summary>
    private static readonly string[] s_ending = ["TERM", "15", "INT", "2", "QUIT", "3"];

    private readonly DateTimeOffset? _life = target.Status?.StartedAt;

    /// <summary>The exit code of the program before.</summary>
    private int _last;

    /// <summary>Runs a command to its end; returns its exit code.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var (name, arguments) = (command[0], command.Skip(1).ToArray());
        switch (name[(name.LastIndexOf('/') + 1)..])
        {
            case "true" or ":":
                return 0;
            case "false":
                return 1;
            case "echo":
                var endsLine = arguments is not ["-n", ..];
                await session.WriteAsync(string.Join(' ', endsLine ? arguments : arguments[1..]) + (endsLine ? "\n" : ""), cancellationToken);
                return 0;
            case "env":
                await session.WriteAsync(string.Concat(variables.Select(static variable => $"{variable.Key}={variable.Value}\n")), cancellationToken);
                return 0;
            case "hostname":
                await session.WriteAsync($"{target.Pod.Name}\n", cancellationToken);
                return 0;
            case "cat":
                return await CatAsync(arguments, cancellationToken);
            case "sleep":
                return await SleepAsync(arguments, cancellationToken);
            case "kill":
                return await KillAsync(arguments, cancellationToken);
            case "sh" or "bash" or "ash":
                return await ShellAsync(arguments, cancellationToken);
            default:
                await session.ComplainAsync($"exec: \"{name}\": executable file not found in $PATH\n", cancellationToken);
                return NotFound;
        }
    }

    private async Task<int> CatAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is [var file, ..]) return await FailAsync(1, $"cat: can't open '{file}': No such file or directory", cancellationToken);
        if (session.ReadsTerminal) return await FailAsync(1, "cat: the sandbox has no terminals", cancellationToken);
        await foreach (var part in session.ReadAsync(cancellationToken)) await session.WriteAsync(Encoding.UTF8.GetString(part), cancellationToken);
        return 0;
    }

    private async Task<int> SleepAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [var text] || Duration(text) is not { } duration) return await FailAsync(1, "sleep: invalid number", cancellationToken);
        for (var left = duration; left > TimeSpan.Zero; left -= s_interval)
        {
            await cluster.Time.DelayAsync(left < s_interval ? left : s_interval, cancellationToken);
            if (IsOver()) return Killed;
        }

        return 0;
    }

    private static TimeSpan? Duration(string text)
    {
        var unit = text.Length > 0 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        return double.TryParse(unit == 0 ? text : text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 1e6
            ? TimeSpan.FromSeconds(number * Math.Max(unit, 1)) : null;
    }

    private async Task<int> KillAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var (signal, processes) = arguments switch
        {
            ["-s", var named, .. var rest] => (named, rest),
            [['-', .. var named], .. var rest] => (named, rest),
            _ => ("TERM", arguments),
        };
        if (processes.Length == 0) return await FailAsync(1, "kill: you need to specify whom to kill", cancellationToken);
        foreach (var process in processes)
        {
            if (process != "1") return await FailAsync(1, $"kill: can't kill pid {process}: No such process", cancellationToken);
            var name = signal.ToUpperInvariant();
            if (!s_ending.Contains(name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name)) continue;
            cluster.Look(simulation =>
            {
                simulation.Terminate(target.Pod, target.Name);
                return true;
            });
        }

        return 0;
    }

    private async Task<int> ShellAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is ["-c", var script, ..]) return await ScriptAsync(script, cancellationToken);
        if (arguments.Length > 0) return await FailAsync(Wrong, $"sh: can't open '{arguments[0]}'", cancellationToken);
        if (session.ReadsTerminal) return await FailAsync(1, "sh: the sandbox has no terminals", cancellationToken);
        var lines = new StringBuilder();
        await foreach (var part in session.ReadAsync(cancellationToken)) lines.Append(Encoding.UTF8.GetString(part));
        return await ScriptAsync(lines.ToString(), cancellationToken);
    }

    private async Task<int> ScriptAsync(string script, CancellationToken cancellationToken)
    {
        ShellScript parsed;
        try
        {
            parsed = ShellScript.Parse(script);
        }
        catch (FormatException exception)
        {
            return await FailAsync(Wrong, $"sh: {exception.Message}", cancellationToken);
        }

        foreach (var step in parsed.Steps)
        {
            if (step.When is { } wanted && wanted != (_last == 0)) continue;
            string[] words = [.. step.Words.Select(word => word.Expand(Value))];
            if (words is ["exit", ..]) return words is [_, var text, ..] && int.TryParse(text, out var code) ? code & 255 : _last;
            _last = await RunAsync(words, cancellationToken);
            if (IsOver()) return Killed;
        }

        return _last;
    }

    private string Value(string name) => name == "?" ? $"{_last}" : variables.GetValueOrDefault(name, "");

    /// <summary>Whether the container has ended meanwhile, and with it all that ran in it.</summary>
    /// <exception cref="IOException">Its machine has: nobody tells.</exception>
    private bool IsOver() => cluster.Look(simulation =>
    {
        if (simulation.FindNode(target.Pod.NodeName ?? "") is not { KubeletRuns: true }) throw new IOException("The machine is off.");
        return target.Pod.IsGone || target.Status is not { State: ContainerState.Running } status || status.StartedAt != _life;
    });

    private async Task<int> FailAsync(int code, string message, CancellationToken cancellationToken)
    {
        await session.ComplainAsync($"{message}\n", cancellationToken);
        return code;
    }
}
