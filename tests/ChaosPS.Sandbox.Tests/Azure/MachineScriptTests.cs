using System.Net;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>Scripts inside machines of every kind, through the Azure SDK's own pipeline, in front of the emulated Azure.</summary>
public sealed class MachineScriptTests : IDisposable
{
    private static readonly FaultScript s_cpu = new("run-1", FaultSpec.Cpu(TimeSpan.FromMinutes(1), 80));
    private static readonly FaultScript s_end = new("run-1", null);

    private readonly MachineWorld _world = new(MachineWorld.Node("windows-a", "virtualMachineScaleSets/windows/virtualMachines/0", "kubernetes.io/os: windows"));

    public static TheoryData<string, SandboxFaultKind?> Forms
    {
        get
        {
            var data = new TheoryData<string, SandboxFaultKind?>();
            foreach (var node in new[] { "uniform-a", "flexible-a", "vm-a" })
            {
                foreach (var form in new SandboxFaultKind?[] { null, SandboxFaultKind.LocationOnly, SandboxFaultKind.StatusOnly }) data.Add(node, form);
            }

            return data;
        }
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_script_runs_and_its_output_comes_back_however_azure_tells_of_its_end(string node, SandboxFaultKind? form)
    {
        if (form is { } kind) await _world.Add(kind, count: 2);

        var begun = await RunAsync(node, s_cpu.Text);
        var ended = await RunAsync(node, s_end.Text);

        Assert.Equal("running", FaultReport.Find(begun.StandardOutput, "run-1")?.State);
        Assert.Equal(("over", "running", "success"), Of(ended));
    }

    [Theory]
    [InlineData("uniform-a", "/virtualMachineScaleSets/uniform/virtualmachines/0/runCommand")]
    [InlineData("flexible-a", "/virtualMachines/flex_0a1b2c3d/runCommand")]
    [InlineData("vm-a", "/virtualMachines/aks-vmpool-00000001/runCommand")]
    public async Task It_goes_to_the_machine_as_a_shell_script(string node, string path)
    {
        _world.Requests.All.Clear();
        _world.Requests.Bodies.Clear();

        await RunAsync(node, s_cpu.Text);

        var at = _world.Requests.All.FindIndex(static request => request.StartsWith("POST", StringComparison.Ordinal));
        Assert.EndsWith(path, _world.Requests.All[at], StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("{\"commandId\":\"RunShellScript\",\"script\":[\"#!/bin/sh\",", _world.Requests.Bodies[at], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_ends_by_itself_when_its_time_is_up()
    {
        await RunAsync("vm-a", s_cpu.Text);
        await _world.Run(() => _world.Connection.Time.DelayAsync(TimeSpan.FromSeconds(61), default));

        Assert.Equal(("over", "ended", "timeout"), Of(await RunAsync("vm-a", s_end.Text)));
        Assert.Equal(("over", "nothing", null), Of(await RunAsync("vm-a", s_end.Text)));
    }

    [Fact]
    public async Task What_a_script_that_fails_says_comes_back_too()
    {
        var failed = await RunAsync("vm-a", new FaultScript("run-2", FaultSpec.DiskSize(TimeSpan.FromMinutes(1), int.MaxValue, "/var")).Text);

        Assert.Equal("failed", FaultReport.Find(failed.StandardOutput, "run-2")?.State);
        Assert.Equal("fallocate: fallocate failed: No space left on device", failed.StandardError);
        Assert.Equal("Enable failed: failed to execute command: command terminated with exit status=1", failed.Message);
    }

    [Fact]
    public async Task A_script_that_comes_twice_begins_its_fault_once_and_says_that_it_is_there()
    {
        await RunAsync("vm-a", s_cpu.Text);

        var again = await RunAsync("vm-a", s_cpu.Text);

        Assert.Equal("running", FaultReport.Find(again.StandardOutput, "run-1")?.State);
    }

    [Fact]
    public async Task A_second_script_waits_for_the_first()
    {
        var machine = await _world.Machine("uniform-a");
        await _world.Run(async () =>
        {
            var first = await _world.Connection.Power.BeginScriptAsync(machine, s_cpu.Text, default);
            var second = await _world.Connection.Power.BeginScriptAsync(machine, s_end.Text, default);
            await first.WaitAsync(default);
            Assert.Equal(("over", "running", "success"), Of(await second.WaitAsync(default)));
        });
    }

    [Fact]
    public async Task A_script_that_stays_in_the_way_is_told_after_five_minutes()
    {
        await _world.Add(SandboxFaultKind.Refusal, "AnotherOperationInProgress", count: null);

        var error = await MachineWorld.Fails(() => RunAsync("uniform-a", s_cpu.Text));

        Assert.Equal(("AzureBusy", ErrorKind.Conflict), (error.ErrorId, error.Kind));
        Assert.Contains("run a script in instance 'uniform_0' (node 'uniform-a')", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_run_scripts_is_told_which_action_is_missing()
    {
        await _world.Add(SandboxFaultKind.Refusal);

        var error = await MachineWorld.Fails(() => RunAsync("uniform-a", s_cpu.Text));

        Assert.Equal("AzureForbidden", error.ErrorId);
        Assert.Contains("Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_off_runs_none()
    {
        await _world.Change("uniform-a", PowerAction.PowerOff);

        var error = await MachineWorld.Fails(() => RunAsync("uniform-a", s_cpu.Text));

        Assert.Equal("AzureConflict", error.ErrorId);
        Assert.Contains("requires the VM to be running", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_goes_off_under_its_script_fails_it()
    {
        var machine = await _world.Machine("vm-a");
        var error = await MachineWorld.Fails(() => _world.Run(async () =>
        {
            var script = await _world.Connection.Power.BeginScriptAsync(machine, s_cpu.Text, default);
            await _world.Connection.Power.BeginAsync(machine, PowerAction.PowerOff, false, default);
            await script.WaitAsync(default);
        }));

        Assert.Equal("MachineScriptFailed", error.ErrorId);
        Assert.Contains("stopped while the extension", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxFaultKind.FailedOperation, "MachineScriptFailed")]
    [InlineData(SandboxFaultKind.CanceledOperation, "MachineScriptFailed")]
    [InlineData(SandboxFaultKind.LostOperation, "MachineScriptLost")]
    public async Task An_operation_that_ends_badly_says_so(SandboxFaultKind fault, string id)
    {
        await _world.Add(fault);

        var error = await MachineWorld.Fails(() => RunAsync("uniform-a", s_cpu.Text));

        Assert.Equal((id, ErrorKind.OperationFailed), (error.ErrorId, error.Kind));
        Assert.Contains("run a script in instance 'uniform_0'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sandbox_runs_no_script_that_it_does_not_know()
    {
        var error = await MachineWorld.Fails(() => RunAsync("vm-a", "#!/bin/sh\necho hello\n"));

        Assert.Equal(("AzureRequestRefused", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.Contains("The sandbox runs no scripts inside machines but those of ChaosPS's own faults", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_windows_machine_runs_no_shell_script() =>
        Assert.Equal("AzureRequestRefused", (await MachineWorld.Fails(() => RunAsync("windows-a", s_cpu.Text))).ErrorId);

    [Theory]
    [InlineData("""{"value":[{"code":"ProvisioningState/succeeded","message":"Enable succeeded: \n[stdout]\nhello\n\n[stderr]\nworse\n"}]}""", "hello", "worse", "Enable succeeded:")]
    [InlineData("""{"value":[{"code":"ComponentStatus/StdOut/succeeded","message":"hello\n"},{"code":"ComponentStatus/StdErr/succeeded","message":"worse"}]}""", "hello", "worse", "")]
    [InlineData("""{"properties":{"output":{"value":[{"code":"x","message":"hello"}]}}}""", "", "", "hello")]
    [InlineData("""{"value":[]}""", "", "", "")]
    [InlineData("""{"value":[7,{"code":1}]}""", "", "", "")]
    public async Task Each_form_of_the_result_is_read(string body, string output, string error, string message)
    {
        _world.Requests.Instead = request => request.RequestUri!.AbsolutePath.Contains("/operations/", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(request.RequestUri.Query.Contains("monitor", StringComparison.Ordinal) ? body : """{"status":"Succeeded"}""") }
            : null;

        Assert.Equal(new MachineOutput(output, error, message), await RunAsync("vm-a", s_cpu.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task A_result_that_cannot_be_read_says_so(string body)
    {
        _world.Requests.Instead = request => request.RequestUri!.AbsolutePath.Contains("/operations/", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(request.RequestUri.Query.Contains("monitor", StringComparison.Ordinal) ? body : """{"status":"Succeeded"}""") }
            : null;

        Assert.Equal("AzureAnswerInvalid", (await MachineWorld.Fails(() => RunAsync("vm-a", s_cpu.Text))).ErrorId);
    }

    private async Task<MachineOutput> RunAsync(string node, string script)
    {
        var machine = await _world.Machine(node);
        return await _world.Run(async () => await (await _world.Connection.Power.BeginScriptAsync(machine, script, default)).WaitAsync(default));
    }

    private static (string?, string?, string?) Of(MachineOutput output)
    {
        var report = FaultReport.Find(output.StandardOutput, "run-1");
        return (report?.State, report?.Found, report?.Result);
    }
}
