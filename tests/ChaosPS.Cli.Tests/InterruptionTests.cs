using System.Runtime.InteropServices;

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
    public void The_first_signal_stops_the_run_and_keeps_the_process()
    {
        using var writer = new StringWriter();
        using var interruption = new Interruption(writer, () => null, default);
        var signal = new PosixSignalContext(PosixSignal.SIGTERM);
        interruption.Handle(signal);

        Assert.True(signal.Cancel);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.StartsWith("SIGTERM: stopping", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_signal_says_what_is_left()
    {
        using var writer = new StringWriter();
        using var interruption = new Interruption(writer, () => "Waiting for node-1: Ready", default);
        interruption.Handle(new PosixSignalContext(PosixSignal.SIGINT));
        interruption.Handle(new PosixSignalContext(PosixSignal.SIGINT));

        Assert.EndsWith($"Now: Waiting for node-1: Ready.{Environment.NewLine}", writer.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Acts when a text is written.</summary>
    private sealed class TriggerWriter(string text, Action action) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true) action();
        }
    }
}
