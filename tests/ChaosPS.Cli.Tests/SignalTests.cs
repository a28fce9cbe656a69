using System.Diagnostics;
using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Cli.Tests;

/// <summary>A <c>chaosps run</c> in a process of its own, on a sandbox that outlives it, and the signals that the process gets.</summary>
public sealed class SignalTests : IAsyncLifetime, IDisposable
{
    private const string Node = "aks-nodepool1-36421985-vmss000000";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("chaosps-");
    private ServingSandbox? _sandbox;
    private ChaosConnection? _connection;

    public async Task InitializeAsync()
    {
        _sandbox = await ServingSandbox.StartAsync("contactsapp", "--speed", "20");
        var composition = new Composition();
        _connection = composition.Connect(await composition.OpenSandboxAsync(new Uri(_sandbox.Address), default));
    }

    public async Task DisposeAsync() => await _sandbox!.DisposeAsync();

    public void Dispose() => _state.Delete(recursive: true);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_stops_the_method_and_the_node_is_back_when_the_process_ends(string signal)
    {
        if (OperatingSystem.IsWindows()) return; // no signals there
        using var run = new Child(_sandbox!.Address, _state.FullName);
        await run.WaitForAsync("Pausing 60 min");
        Assert.Equal(PowerState.Stopped, (await InstanceAsync()).PowerState);

        run.Signal(signal);

        Assert.Equal(6, await run.ExitCodeAsync());
        Assert.Contains($"SIG{signal}: stopping.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Interrupted after", run.Output, StringComparison.Ordinal);
        await AssertBackAsync();
    }

    [Fact]
    public async Task The_second_Ctrl_C_says_what_is_left_and_which_command_finishes_it()
    {
        if (OperatingSystem.IsWindows()) return;
        using var run = new Child(_sandbox!.Address, _state.FullName);
        await run.WaitForAsync("Pausing 60 min");

        run.Signal("INT");
        await run.WaitForAsync("SIGINT: stopping.");
        run.Signal("INT");
        await run.WaitForAsync("Left to put back");

        Assert.Equal(6, await run.ExitCodeAsync());
        Assert.Contains($"Left to put back: PowerOff {Node}.", run.Error, StringComparison.Ordinal);
        var id = Assert.Single(new RunStore(_state.FullName).List()).RunId;
        Assert.Contains($"this finishes it: chaosps restore {id} --state-path '{_state.FullName}'", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Azure Pipelines sends SIGINT, SIGTERM 7.5 seconds later, and kills 2.5 seconds after that.</summary>
    [Fact]
    public async Task A_cancelled_job_leaves_a_start_that_was_asked_for_and_a_run_that_another_process_finishes()
    {
        if (OperatingSystem.IsWindows()) return;
        using var run = new Child(_sandbox!.Address, _state.FullName);
        await run.WaitForAsync("Pausing 60 min");

        run.Signal("INT");
        await WaitUntilAsync(async () => (await InstanceAsync()).PowerState is PowerState.Starting or PowerState.Running);
        run.Signal("TERM");
        await run.WaitForAsync("Left to put back");
        run.Signal("KILL");

        Assert.Equal(137, await run.ExitCodeAsync());
        Assert.Equal(RunState.Unfinished, Assert.Single(new RunStore(_state.FullName).List()).State);
        Assert.Equal(0, (await CommandLineRun.InvokeAsync("restore", "--state-path", _state.FullName)).ExitCode);
        await AssertBackAsync();
    }

    [Fact]
    public async Task A_terminal_that_takes_nothing_any_more_keeps_nothing_from_being_put_back()
    {
        if (OperatingSystem.IsWindows()) return;
        using var run = new Child(_sandbox!.Address, _state.FullName, " >/dev/full 2>/dev/full");
        await WaitUntilAsync(async () => (await InstanceAsync()).PowerState == PowerState.Stopped);

        run.Signal("HUP");

        Assert.Equal(6, await run.ExitCodeAsync());
        await AssertBackAsync();
    }

    private async Task<ScaleSetInstance> InstanceAsync()
    {
        var node = await _connection!.Cluster.GetNodeAsync(Node, default);
        return await _connection.Power.GetInstanceAsync(node!, default);
    }

    private async Task AssertBackAsync()
    {
        Assert.Equal(PowerState.Running, (await InstanceAsync()).PowerState);
        Assert.True((await _connection!.Cluster.GetNodeAsync(Node, default))!.Ready);
        Assert.Empty(new RunStore(_state.FullName).Unfinished());
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!await condition()) await TimeProvider.System.DelayAsync(s_glance, limit.Token);
    }

    /// <summary><c>chaosps run</c> of the workshop's experiment, which holds the node down for an hour.</summary>
    private sealed class Child : IDisposable
    {
        private readonly Process _process;
        private readonly Lock _lock = new();
        private string _error = "";
        private string _output = "";

        public Child(string sandbox, string state, string redirection = "")
        {
            var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(
                $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "ChaosPS.Cli.dll")}' run '{Samples.StopNode}' --sandbox {sandbox} "
                + $"--state-path '{state}' --var pause_after_stop:int=3600{redirection}");
            _process = Process.Start(start)!;
            _process.ErrorDataReceived += (_, line) => Add(ref _error, line.Data);
            _process.OutputDataReceived += (_, line) => Add(ref _output, line.Data);
            _process.BeginErrorReadLine();
            _process.BeginOutputReadLine();
        }

        public string Error
        {
            get
            {
                lock (_lock) return _error;
            }
        }

        public string Output
        {
            get
            {
                lock (_lock) return _output;
            }
        }

        public async Task WaitForAsync(string text)
        {
            await WaitUntilAsync(() => Task.FromResult(_process.HasExited || Error.Contains(text, StringComparison.Ordinal)));
            Assert.Contains(text, Error, StringComparison.Ordinal);
        }

        public void Signal(string name)
        {
            using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        public async Task<int> ExitCodeAsync()
        {
            using var limit = new CancellationTokenSource(s_patience);
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }

        private void Add(ref string text, string? line)
        {
            lock (_lock) text += line + "\n";
        }
    }
}
