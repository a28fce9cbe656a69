using ChaosPS.Errors;
using ChaosPS.Sandbox.Application;
using ChaosPS.Sandbox.Azure;
using ChaosPS.Sandbox.Control;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox;

/// <summary>Makes emulated clusters.</summary>
public static class SandboxFactory
{
    /// <summary>When the virtual clock of a sandbox starts.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The names of the built-in sandboxes.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [ContactsApp.Name];

    /// <summary>Makes a sandbox on a virtual clock; nothing outside the process takes part in it.</summary>
    /// <param name="source">One of <see cref="BuiltIn"/>, in any case.</param>
    /// <param name="seed">What all chance in it comes from.</param>
    /// <exception cref="ChaosException">There is none of that name: id <c>SandboxNotFound</c>.</exception>
    public static ChaosSandbox Create(string source, int seed) => Create(source, new SandboxOptions { Seed = seed });

    /// <summary>Makes a sandbox; nothing outside the process takes part in it.</summary>
    /// <param name="source">One of <see cref="BuiltIn"/>, in any case.</param>
    /// <param name="options">How it is made.</param>
    /// <exception cref="ChaosException">There is none of that name: id <c>SandboxNotFound</c>; no such speed: id <c>SpeedInvalid</c>.</exception>
    public static ChaosSandbox Create(string source, SandboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (!source.Equals(ContactsApp.Name, StringComparison.OrdinalIgnoreCase)) throw ChaosErrors.SandboxNotFound(source, BuiltIn);

        var clock = MakeClock(options.Speed);
        var start = clock.GetUtcNow();
        var ids = new StableId(ContactsApp.Name, options.Seed);
        var cluster = new SandboxCluster(ContactsApp.Create(ids, start), ids, clock, options.Seed);
        var host = cluster.Source.ApplicationUri.Host;
        var description = new SandboxDescription
        {
            Name = cluster.Source.Name,
            Source = ContactsApp.Name,
            Seed = options.Seed,
            Now = start,
            Speed = options.Speed,
            SubscriptionId = cluster.Source.SubscriptionId,
            Environment = cluster.Source.Environment,
            Kubernetes = new Uri($"https://kubernetes.{host}/"),
            Azure = new Uri($"https://management.{host}/"),
            Application = cluster.Source.ApplicationUri,
            Control = new Uri($"http://control.{host}/"),
        };
        var faces = new Dictionary<string, IFace>(StringComparer.OrdinalIgnoreCase)
        {
            [description.Kubernetes.Host] = new KubernetesFace(cluster),
            [description.Azure.Host] = new ArmFace(cluster),
            [description.Application.Host] = new ApplicationFace(cluster, clock),
            [description.Control.Host] = new ControlFace(description, clock),
        };
        return new ChaosSandbox(description, clock, new SandboxHandler(faces, clock));
    }

    /// <summary>A running clock starts at the present: other programs, kubectl for one, tell ages by this machine's clock.</summary>
    private static TimeProvider MakeClock(double? speed) => speed switch
    {
        null => new VirtualClock(Start),
        { } value when RunningClock.IsSpeed(value) => new RunningClock(TimeProvider.System.GetUtcNow(), value),
        { } value => throw ChaosErrors.SpeedInvalid(value),
    };
}
