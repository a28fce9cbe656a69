using System.Net;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests;

/// <summary>What a sandbox says of itself, and how its clock is moved.</summary>
public sealed class ControlFaceTests : IDisposable
{
    private readonly SandboxClient _client = new(seed: 4);

    private ChaosSandbox Sandbox => _client.Sandbox;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task It_describes_itself()
    {
        _client.Clock.Advance(TimeSpan.FromMinutes(5));
        var json = (await Send("GET", "")).Json;

        Assert.Equal(("contactsapp", "contactsapp", 4), ((string?)json["name"], (string?)json["source"], (int?)json["seed"]));
        Assert.Equal(SandboxFactory.Start.AddMinutes(5), (DateTimeOffset?)json["now"]);
        Assert.Null(json["speed"]);
        Assert.Equal(Sandbox.SubscriptionId, (string?)json["subscriptionId"]);
        Assert.Equal(Sandbox.SubscriptionId, (string?)json["environment"]!["AZURE_SUBSCRIPTION_ID"]);
        Assert.Equal("https://kubernetes.contactsapp.sandbox/", (string?)json["kubernetes"]);
        Assert.Equal("https://management.contactsapp.sandbox/", (string?)json["azure"]);
        Assert.Equal("http://contactsapp.sandbox/", (string?)json["application"]);
    }

    [Fact]
    public async Task Its_clock_is_moved_to_the_tick()
    {
        await Sandbox.StepAsync(TimeSpan.FromTicks(12_345_678_901), default);

        Assert.Equal(SandboxFactory.Start.AddTicks(12_345_678_901), Sandbox.Now);
    }

    [Fact]
    public async Task A_running_clock_is_moved_too()
    {
        var sandbox = SandboxFactory.Create("contactsapp", new SandboxOptions { Speed = 1 });
        var before = sandbox.Now;

        await sandbox.StepAsync(TimeSpan.FromDays(3), default);

        Assert.InRange(sandbox.Now - before, TimeSpan.FromDays(3), TimeSpan.FromDays(3) + TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4000)]
    public async Task A_step_back_or_over_decades_is_refused(int days)
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => Sandbox.StepAsync(TimeSpan.FromDays(days), default));

        Assert.Equal("StepRefused", error.ErrorId);
        Assert.Equal(SandboxFactory.Start, Sandbox.Now);
    }

    [Fact]
    public async Task A_clock_that_a_run_is_using_is_not_moved()
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => _client.Clock.RunAsync(() => Sandbox.StepAsync(TimeSpan.FromSeconds(1), default)));

        Assert.Equal("StepRefused", error.ErrorId);
    }

    [Theory]
    [InlineData("DELETE", "", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "step?seconds=1", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "step?seconds=soon", HttpStatusCode.BadRequest)]
    [InlineData("POST", "step", HttpStatusCode.BadRequest)]
    [InlineData("GET", "nothing", HttpStatusCode.NotFound)]
    public async Task What_it_does_not_do_is_refused(string method, string path, HttpStatusCode expected) =>
        Assert.Equal(expected, (await Send(method, path)).Status);

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(20_000)]
    public void A_sandbox_of_impossible_speed_is_refused(double speed)
    {
        var error = Assert.Throws<ChaosException>(() => SandboxFactory.Create("contactsapp", new SandboxOptions { Speed = speed }));

        Assert.Equal(("SpeedInvalid", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    private Task<SandboxClient.Answer> Send(string method, string path) => _client.Send(method, new Uri(Sandbox.ControlUri, path), null, "", null);
}
