using ChaosPS.Health;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Health;

public sealed class AppHealthTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("/", 200, true, "OK")]
    [InlineData("/status/503", 503, false, "expected 200, got 503")]
    [InlineData("/refused", null, false, "Connection refused (fake.invalid:80)")]
    [InlineData("/hang", null, false, "no answer within 2 s")]
    public async Task Each_answer_and_each_silence_is_a_result(string path, int? status, bool healthy, string reason)
    {
        var result = await TestAsync(path, default);

        Assert.Equal(status, result.StatusCode);
        Assert.Equal(healthy, result.Healthy);
        Assert.Equal(reason, result.Reason);
    }

    [Fact]
    public async Task Latency_is_measured_on_the_connections_clock()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(12), (await TestAsync("/", default)).Latency);
        Assert.Equal(s_timeout, (await TestAsync("/hang", default)).Latency);
    }

    [Fact]
    public async Task A_very_short_time_out_is_told_as_it_is()
    {
        using var world = new FakeWorld();
        var endpoint = new AppEndpoint("test", new Uri("http://fake.invalid/hang"));

        var result = await world.Clock.RunAsync(() => AppHealth.TestAsync(world.Connection, endpoint, [200], TimeSpan.FromMilliseconds(1), default));

        Assert.Equal("no answer within 1 ms", result.Reason);
    }

    [Fact]
    public async Task A_stop_of_the_pipeline_is_no_verdict()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestAsync("/", stopped.Token));
    }

    private static async Task<AppHealthResult> TestAsync(string path, CancellationToken cancellationToken)
    {
        using var world = new FakeWorld();
        var endpoint = new AppEndpoint("test", new Uri("http://fake.invalid" + path));
        return await world.Clock.RunAsync(() => AppHealth.TestAsync(world.Connection, endpoint, [200], s_timeout, cancellationToken));
    }
}
