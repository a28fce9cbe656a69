using System.Runtime.Versioning;
using ChaosPS.Faults;

namespace ChaosPS.Core.Tests.Faults;

/// <summary>The scripts of faults, run by real shells.</summary>
[SupportedOSPlatform("linux")]
public sealed class ScriptRunTests : IDisposable
{
    private const string Id = "20261123T090000-0a1b2c3d-1";
    private const string Unit = $"chaosps-{Id}.service";

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly StubMachine _machine = new();

    public static TheoryData<NodeFaultKind> Kinds => [.. Enum.GetValues<NodeFaultKind>()];

    public void Dispose() => _machine.Dispose();

    [LinuxTheory]
    [InlineData("/bin/bash")]
    [InlineData("/bin/sh")]
    public void Every_script_is_well_formed(string shell)
    {
        foreach (var spec in FaultScriptTests.Specs.Append(null))
        {
            _machine.Write("script.sh", new FaultScript(Id, spec).Text);
            Assert.Equal((0, "", ""), _machine.Shell($"{shell} -n {_machine.File("script.sh")}"));
        }
    }

    [LinuxTheory]
    [MemberData(nameof(Kinds))]
    public void A_fault_is_a_unit_that_systemd_ends_and_undoes(NodeFaultKind kind)
    {
        var (exit, output, report) = _machine.Run(Start(kind));

        Assert.Equal((0, "running"), (exit, report?.State));
        Assert.Equal("", output.StandardError);
        var call = Assert.Single(_machine.Calls, static call => call.StartsWith("systemd-run ", StringComparison.Ordinal));
        Assert.Contains($"--unit={Unit} ", call, StringComparison.Ordinal);
        Assert.Contains(" --property=RuntimeMaxSec=60 ", call, StringComparison.Ordinal);
        Assert.Contains($" --property=ExecStopPost=/bin/sh {_machine.RunDirectory}/{Id}.sh restore", call, StringComparison.Ordinal);
        Assert.NotEmpty(_machine.Processes(Id));
    }

    [LinuxTheory]
    [MemberData(nameof(Kinds))]
    public void Ending_it_leaves_nothing_and_can_be_done_again(NodeFaultKind kind)
    {
        _machine.Run(Start(kind), "/bin/bash");
        var processes = _machine.Processes(Id);

        var first = _machine.Run(new FaultScript(Id, null));
        var second = _machine.Run(new FaultScript(Id, null));

        Assert.Equal((0, "over", "running", "success"), (first.ExitCode, first.Report?.State, first.Report?.Found, first.Report?.Result));
        Assert.Equal((0, "over", "nothing", null), (second.ExitCode, second.Report?.State, second.Report?.Found, second.Report?.Result));
        AssertNothingIsLeft(processes);
    }

    [LinuxTheory]
    [MemberData(nameof(Kinds))]
    public void When_its_time_is_up_it_undoes_itself_and_tells_so_when_it_is_asked(NodeFaultKind kind)
    {
        _machine.Run(Start(kind));
        var processes = _machine.Processes(Id);

        _machine.Expire(Id);

        AssertNothingIsLeft(processes, Id + ".log", Id + ".end");
        var (_, _, report) = _machine.Run(new FaultScript(Id, null));
        Assert.Equal(("ended", "timeout"), (report?.Found, report?.Result));
        AssertNothingIsLeft(processes);
    }

    [LinuxFact]
    public void Processors_are_kept_busy_within_a_quota()
    {
        _machine.Run(Start(NodeFaultKind.Cpu));

        var processors = int.Parse(_machine.Shell("nproc").Output);
        Assert.Contains($"--property=CPUQuota={80 * processors}% ", _machine.Calls.First(static call => call.StartsWith("systemd-run ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(processors + 1, _machine.Processes(Id).Length);
    }

    [LinuxFact]
    public void Memory_is_taken_until_the_percentage_is_in_use()
    {
        _machine.Run(Start(NodeFaultKind.Memory));

        // Of 200 MiB, 180 are available: 90 % in use leaves 20, but 50 are left in any case.
        var largest = _machine.Processes(Id).Max(static process => Resident(process));
        Assert.InRange(largest, 130, 150);
    }

    [LinuxFact]
    public void Memory_that_is_fuller_already_is_refused()
    {
        _machine.Write("meminfo", "MemTotal: 204800 kB\nMemAvailable: 10240 kB\n");

        var (exit, output, report) = Run(new FaultScript(Id, FaultSpec.Memory(s_minute, 50)));

        Assert.Equal((1, "failed"), (exit, report?.State));
        Assert.Contains("More than 50 % of the memory is in use already.", output.StandardError, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_full_disk_has_no_file_that_could_stay()
    {
        _machine.Run(Start(NodeFaultKind.Disk));

        Assert.Empty(Directory.GetFileSystemEntries(_machine.Disk));
        var open = _machine.Processes(Id).Select(static process => new FileInfo($"/proc/{process}/fd/3")).Single(static file => file.LinkTarget?.Contains(".chaosps.", StringComparison.Ordinal) == true);
        Assert.EndsWith(" (deleted)", open.LinkTarget, StringComparison.Ordinal);
        using var file = System.IO.File.OpenRead(open.FullName);
        Assert.Equal(3 << 20, file.Length);
    }

    [LinuxFact]
    public void A_directory_that_is_not_there_is_refused()
    {
        var (exit, output, _) = Run(new FaultScript(Id, FaultSpec.DiskSize(s_minute, 1, _machine.Disk + "/a/b/c")));

        Assert.Equal(1, exit);
        Assert.Contains($"There is no directory {_machine.Disk}/a/b.", output.StandardError, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_delay_is_one_of_its_own_that_takes_nobody_elses_away()
    {
        _machine.Write("queues", "qdisc netem 8001: dev eth0 root refcnt 65 limit 1000 delay 1s\n");

        var (exit, output, _) = Run(Start(NodeFaultKind.Network));

        Assert.Equal(1, exit);
        Assert.Contains("Exclusivity flag on", output.StandardError, StringComparison.Ordinal);
        Assert.Contains("8001:", System.IO.File.ReadAllText(_machine.File("queues")), StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_delay_is_that_of_the_parameters_on_the_device_of_the_default_route()
    {
        _machine.Run(Start(NodeFaultKind.Network));

        var call = Assert.Single(_machine.Calls, static call => call.StartsWith("tc qdisc add", StringComparison.Ordinal));
        Assert.Matches("^tc qdisc add dev eth0 root handle [0-9a-f]+: netem limit 100000 delay 200ms 50ms$", call);
    }

    [LinuxFact]
    public void A_kubelet_is_stopped_only_when_its_start_is_certain()
    {
        Run(Start(NodeFaultKind.Kubelet));
        Assert.False(_machine.Has("kubelet"));
        var calls = _machine.Calls;
        Assert.True(
            Array.FindIndex(calls, static call => call.StartsWith("systemd-run ", StringComparison.Ordinal)) < Array.IndexOf(calls, "systemctl stop kubelet.service"),
            "The unit that starts it again is there first.");

        _machine.Expire(Id);
        Assert.True(_machine.Has("kubelet"));
    }

    [LinuxFact]
    public void A_kubelet_that_does_not_run_is_left_so()
    {
        System.IO.File.Delete(_machine.File("kubelet"));

        var (exit, output, _) = Run(Start(NodeFaultKind.Kubelet));

        Assert.Equal(1, exit);
        Assert.Contains("No kubelet runs", output.StandardError, StringComparison.Ordinal);
        Assert.False(_machine.Has("kubelet"));
    }

    [LinuxFact]
    public void An_undo_that_failed_is_done_again_and_its_failure_is_told()
    {
        Run(Start(NodeFaultKind.Kubelet));
        _machine.Write("kubelet-broken", "");
        _machine.Expire(Id);

        var broken = Run(new FaultScript(Id, null));
        System.IO.File.Delete(_machine.File("kubelet-broken"));
        var mended = Run(new FaultScript(Id, null));

        Assert.Equal((1, null), (broken.ExitCode, broken.Report));
        Assert.Equal((0, "left"), (mended.ExitCode, mended.Report?.Found));
        Assert.True(_machine.Has("kubelet"));
    }

    [LinuxFact]
    public void A_fault_that_systemd_does_not_take_says_so()
    {
        _machine.Write("refuse", "");

        var (exit, output, report) = Run(Start(NodeFaultKind.Cpu));

        Assert.Equal((1, "failed"), (exit, report?.State));
        Assert.Contains("systemd did not take the fault.", output.StandardError, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Ending_one_fault_leaves_another_alone()
    {
        var other = new FaultScript("other-1", FaultSpec.Cpu(s_minute, 10));
        Run(other);
        Run(Start(NodeFaultKind.DiskIO));

        Run(new FaultScript(Id, null));

        Assert.NotEmpty(_machine.Processes("other-1"));
        Assert.Equal("running", Run(other with { Fault = null }).Report?.Found);
    }

    [LinuxFact]
    public void A_script_that_comes_twice_begins_its_fault_once_and_says_that_it_is_there()
    {
        Run(Start(NodeFaultKind.Cpu));
        var processes = _machine.Processes(Id);

        var (exit, _, report) = Run(Start(NodeFaultKind.Cpu));

        Assert.Equal((0, "running"), (exit, report?.State));
        Assert.Equal(processes, _machine.Processes(Id));
        Assert.Single(_machine.Calls, static call => call.StartsWith("systemd-run ", StringComparison.Ordinal));
    }

    [LinuxFact]
    public void A_fault_that_failed_half_way_and_cannot_be_undone_is_not_said_to_be_over()
    {
        _machine.Write("kubelet-stop-fails", "");
        _machine.Write("kubelet-broken", "");

        var broken = Run(Start(NodeFaultKind.Kubelet));
        System.IO.File.Delete(_machine.File("kubelet-broken"));
        var mended = Run(new FaultScript(Id, null));

        Assert.Equal((1, null), (broken.ExitCode, broken.Report));
        Assert.Equal((0, "left"), (mended.ExitCode, mended.Report?.Found));
        Assert.True(_machine.Has("kubelet"));
    }

    [LinuxFact]
    public void A_fault_that_failed_half_way_is_undone_before_it_says_so()
    {
        _machine.Write("kubelet-stop-fails", "");

        var (exit, _, report) = Run(Start(NodeFaultKind.Kubelet));

        Assert.Equal((1, "failed"), (exit, report?.State));
        Assert.True(_machine.Has("kubelet"));
        Assert.Empty(Directory.GetFiles(_machine.RunDirectory));
    }

    private (int ExitCode, MachineOutput Output, FaultReport? Report) Run(FaultScript script) => _machine.Run(script);

    private FaultScript Start(NodeFaultKind kind)
    {
        if (!_machine.Has("meminfo")) _machine.Write("meminfo", "MemTotal: 204800 kB\nMemFree: 1 kB\nMemAvailable: 184320 kB\n");
        return new FaultScript(Id, kind switch
        {
            NodeFaultKind.Cpu => FaultSpec.Cpu(s_minute, 80),
            NodeFaultKind.Memory => FaultSpec.Memory(s_minute, 90),
            NodeFaultKind.Disk => FaultSpec.DiskSize(s_minute, 3, _machine.Disk),
            NodeFaultKind.DiskIO => FaultSpec.DiskIO(s_minute, _machine.Disk),
            NodeFaultKind.Network => FaultSpec.Network(s_minute, 200, 50),
            _ => FaultSpec.Kubelet(s_minute),
        });
    }

    private void AssertNothingIsLeft(int[] processes, params string[] but)
    {
        Assert.NotEmpty(processes);
        Assert.All(processes, static process => Assert.False(Directory.Exists($"/proc/{process}") && Alive(process)));
        Assert.Equal(but.Order(), Directory.GetFiles(_machine.RunDirectory).Select(Path.GetFileName).Order());
        Assert.Empty(Directory.GetFileSystemEntries(_machine.Disk));
        Assert.True(_machine.Has("kubelet"));
        Assert.True(!_machine.Has("queues") || new FileInfo(_machine.File("queues")).Length == 0);
    }

    /// <summary>Whether a process runs: one that nobody has asked after yet, a zombie, does not.</summary>
    private static bool Alive(int process)
    {
        try
        {
            return System.IO.File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is IOException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The memory of a process in MiB.</summary>
    private static long Resident(int process) =>
        long.Parse(System.IO.File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) / 1024;
}
