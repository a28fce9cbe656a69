using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ChaosPS.Time;

namespace ChaosPS.Cli.Tests;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData("verbose: PowerOff /subscriptions/")]
    [InlineData("Pausing 15 s after 'stop-instance'")]
    public async Task A_run_that_is_interrupted_has_its_node_back_and_says_so_in_its_exit_code(string moment)
    {
        using var output = new StringWriter();
        using var cancellation = new CancellationTokenSource();
        using var error = new TriggerWriter(moment, cancellation.Cancel);
        var exitCode = await CommandLine.InvokeAsync(
            ["run", Samples.StopNode, "--sandbox", "contactsapp", "--verbose"], new Terminal(output, error, Colour: false), cancellation.Token);

        Assert.True(exitCode == 6, output.ToString() + error);
        Assert.Contains("Interrupted after", output.ToString(), StringComparison.Ordinal);
        Assert.Matches("done +restart-instance", output.ToString());
        Assert.Contains("Node aks-nodepool1-36421985-vmss000000 is Ready.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_that_was_closed_keeps_nothing_from_being_put_back()
    {
        var journal = Path.Combine(AppContext.BaseDirectory, "written", "closed-terminal.json");
        Directory.CreateDirectory(Path.GetDirectoryName(journal)!);
        using var cancellation = new CancellationTokenSource();
        using var error = new TriggerWriter("Pausing 15 s after 'stop-instance'", () =>
        {
            cancellation.Cancel();
            throw new IOException("Input/output error");
        })
        {
            ThrowsFromThen = true,
        };
        using var output = new TriggerWriter("", static () => throw new IOException("Input/output error"));

        var exitCode = await CommandLine.InvokeAsync(
            ["run", Samples.StopNode, "--sandbox", "contactsapp", "--verbose", "--journal-path", journal],
            new Terminal(output, error, Colour: false), cancellation.Token);

        Assert.Equal(6, exitCode);
        var undo = JsonNode.Parse(await File.ReadAllTextAsync(journal))!["undo"]!;
        Assert.True((bool)undo["complete"]!);
        Assert.Contains("Node aks-nodepool1-36421985-vmss000000 is Ready.", undo["steps"]!.AsArray().Select(static step => (string?)step));
    }

    [Fact]
    public async Task Standard_error_that_takes_nothing_any_more_changes_neither_the_run_nor_its_undo()
    {
        var journal = Path.Combine(AppContext.BaseDirectory, "written", "exception.json");
        Directory.CreateDirectory(Path.GetDirectoryName(journal)!);
        using var error = new TriggerWriter("verbose: PowerOff /subscriptions/", static () => throw new NotImplementedException("nobody expected this"));
        using var output = new StringWriter();

        var exitCode = await CommandLine.InvokeAsync(
            ["run", Samples.StopNode, "--sandbox", "contactsapp", "--verbose", "--journal-path", journal], new Terminal(output, error, Colour: false));

        Assert.True(exitCode == 1, output.ToString() + error);
        Assert.DoesNotContain("nobody expected this", output.ToString(), StringComparison.Ordinal);
        Assert.True((bool)JsonNode.Parse(await File.ReadAllTextAsync(journal))!["undo"]!["complete"]!);
    }

    [Fact]
    public async Task An_interruption_before_the_run_begins_says_that_nothing_was_touched()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        Assert.Equal(6, await CommandLine.InvokeAsync(
            ["run", Samples.StopNode, "--sandbox", "contactsapp"], new Terminal(output, error, Colour: false), cancellation.Token));

        Assert.Equal($"Interrupted before anything was touched.{Environment.NewLine}", error.ToString());
    }

    [Fact]
    public void The_first_signal_stops_the_run_and_keeps_the_process()
    {
        using var writer = new StringWriter();
        using var interruption = Interruption(writer, []);
        var signal = new PosixSignalContext(PosixSignal.SIGTERM);
        interruption.Handle(signal);

        Assert.True(signal.Cancel);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Equal($"SIGTERM: stopping.{Environment.NewLine}", writer.ToString());
    }

    [Fact]
    public void The_second_signal_says_what_is_left()
    {
        using var writer = new StringWriter();
        using var interruption = Interruption(writer, ["Now: Waiting for node-1: Ready."]);
        interruption.Handle(new PosixSignalContext(PosixSignal.SIGINT));
        interruption.Handle(new PosixSignalContext(PosixSignal.SIGINT));

        Assert.EndsWith($"Now: Waiting for node-1: Ready.{Environment.NewLine}", writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT, PosixSignal.SIGTERM, 7.5, true)]
    [InlineData(PosixSignal.SIGTERM, PosixSignal.SIGTERM, 7.5, true)]
    [InlineData(PosixSignal.SIGTERM, PosixSignal.SIGINT, 7.5, false)]
    [InlineData(PosixSignal.SIGTERM, PosixSignal.SIGTERM, 0.01, false)]
    public void SIGTERM_a_while_after_another_signal_hurries_the_run(PosixSignal first, PosixSignal second, double seconds, bool hurries)
    {
        var hurried = false;
        var clock = new VirtualClock(DateTimeOffset.UnixEpoch);
        using var writer = new StringWriter();
        using var interruption = new Interruption(new TerminalLog(writer, live: true, verbose: false), "stopping.", static () => [], default, clock)
        {
            Hurry = () => hurried = true,
        };
        interruption.Handle(new PosixSignalContext(first));
        Assert.False(hurried);
        clock.Advance(TimeSpan.FromSeconds(seconds));
        interruption.Handle(new PosixSignalContext(second));

        Assert.Equal(hurries, hurried);
    }

    private static Interruption Interruption(TextWriter writer, IReadOnlyList<string> left) =>
        new(new TerminalLog(writer, live: true, verbose: false), "stopping.", () => left, default);

    /// <summary>Acts when a text is written.</summary>
    private sealed class TriggerWriter(string text, Action action) : StringWriter
    {
        private bool _triggered;

        /// <summary>Whether every line after the first with the text does so too.</summary>
        public bool ThrowsFromThen { get; init; }

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (!(_triggered && ThrowsFromThen) && value?.Contains(text, StringComparison.Ordinal) != true) return;
            _triggered = true;
            action();
        }
    }
}
