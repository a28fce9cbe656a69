using System.Diagnostics;
using System.Runtime.Versioning;
using ChaosPS.Faults;

namespace ChaosPS.Core.Tests.Faults;

/// <summary>A machine of one directory: the scripts of faults really run, with programs on their path that stand for systemd and for the network's queues.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StubMachine : IDisposable
{
    private static readonly string[] s_programs = ["systemd-run", "supervise", "systemctl", "tc", "ip"];

    private readonly string _root = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public StubMachine()
    {
        foreach (var name in new[] { "bin", "units", "disk" }) Directory.CreateDirectory(File(name));
        foreach (var program in s_programs)
        {
            System.IO.File.Copy(Path.Combine(AppContext.BaseDirectory, "Faults", "Stubs", program), File("bin", program));
            System.IO.File.SetUnixFileMode(File("bin", program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Write("kubelet", "");
    }

    /// <summary>Where the scripts keep what they need.</summary>
    public string RunDirectory => File("run");

    /// <summary>A directory to fill.</summary>
    public string Disk => File("disk");

    /// <summary>The calls of the programs that stand for others, in order.</summary>
    public string[] Calls => System.IO.File.Exists(File("calls")) ? System.IO.File.ReadAllLines(File("calls")) : [];

    public void Dispose()
    {
        foreach (var unit in Directory.GetFiles(File("units"), "*.service")) Shell($"systemctl stop {Path.GetFileName(unit)}");
        Directory.Delete(_root, recursive: true);
    }

    public string File(params string[] parts) => Path.Combine([_root, .. parts]);

    public void Write(string name, string text) => System.IO.File.WriteAllText(File(name), text);

    public bool Has(string name) => System.IO.File.Exists(File(name));

    /// <summary>Runs the script that begins or ends a fault, by a shell.</summary>
    public (int ExitCode, MachineOutput Output, FaultReport? Report) Run(FaultScript script, string shell = "/bin/sh")
    {
        var text = script.Text.Replace("/run/chaosps", RunDirectory, StringComparison.Ordinal).Replace("/proc/meminfo", File("meminfo"), StringComparison.Ordinal);
        Write("script.sh", text);
        var (exit, output, error) = Start(shell, File("script.sh"));
        return (exit, new MachineOutput(output, error, ""), FaultReport.Find(output, script.Id));
    }

    /// <summary>Lets the time of a fault be up, as systemd does.</summary>
    public void Expire(string id) => Shell($"systemctl expire chaosps-{id}.service");

    /// <summary>The processes of a fault.</summary>
    public int[] Processes(string id)
    {
        if (!Has(Path.Combine("units", $"chaosps-{id}.service"))) return [];
        var group = System.IO.File.ReadAllText(File("units", $"chaosps-{id}.service")).Trim();
        return [.. Shell($"pgrep -g {group}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    public (int ExitCode, string Output, string Error) Shell(string command) => Start("/bin/bash", "-c", command);

    private (int ExitCode, string Output, string Error) Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STUB"] = _root;
        start.Environment["PATH"] = $"{File("bin")}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
