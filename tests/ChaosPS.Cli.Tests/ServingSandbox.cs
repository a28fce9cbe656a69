using System.Threading.Channels;

namespace ChaosPS.Cli.Tests;

/// <summary>A <c>chaosps sandbox</c> that runs in this process while a test uses it.</summary>
internal sealed class ServingSandbox : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _error = new();
    private readonly LineWriter _output = new();
    private readonly Task<int> _run;

    private ServingSandbox(string[] args) =>
        _run = CommandLine.InvokeAsync(["sandbox", .. args], new Terminal(_output, _error, Colour: false), _stop.Token);

    /// <summary>The first line of the output.</summary>
    public string Address { get; private set; } = "";

    public string Error => _error.ToString();

    public static async Task<ServingSandbox> StartAsync(params string[] args)
    {
        var sandbox = new ServingSandbox(args);
        var first = sandbox._output.Lines.Reader.ReadAsync().AsTask();
        await Task.WhenAny(first, sandbox._run).WaitAsync(s_patience);
        Assert.True(first.IsCompletedSuccessfully, sandbox.Error);
        sandbox.Address = await first;
        return sandbox;
    }

    /// <summary>Ends it as a signal does.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run.WaitAsync(s_patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private sealed class LineWriter : StringWriter
    {
        public Channel<string> Lines { get; } = Channel.CreateUnbounded<string>();

        public override void WriteLine(string? value) => Lines.Writer.TryWrite(value ?? "");
    }
}
