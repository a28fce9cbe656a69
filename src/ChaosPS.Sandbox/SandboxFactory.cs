using ChaosPS.Errors;
using ChaosPS.Sandbox.Application;
using ChaosPS.Sandbox.Azure;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox;

/// <summary>Makes emulated clusters.</summary>
public static class SandboxFactory
{
    /// <summary>When the clock of a sandbox starts.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The names of the built-in sandboxes.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [ContactsApp.Name];

    /// <summary>Makes a sandbox; nothing outside the process takes part in it.</summary>
    /// <param name="name">One of <see cref="BuiltIn"/>, in any case.</param>
    /// <param name="seed">What all chance in it comes from.</param>
    /// <exception cref="ChaosException">There is none of that name: id <c>SandboxNotFound</c>.</exception>
    public static ChaosSandbox Create(string name, int seed)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.Equals(ContactsApp.Name, StringComparison.OrdinalIgnoreCase)) throw ChaosErrors.SandboxNotFound(name, BuiltIn);

        var clock = new VirtualClock(Start);
        var ids = new StableId(ContactsApp.Name, seed);
        var source = ContactsApp.Create(ids, Start);
        var cluster = new SandboxCluster(source, ids, clock, seed);
        var kubernetes = new Uri($"https://kubernetes.{source.ApplicationUri.Host}/");
        var azure = new Uri($"https://management.{source.ApplicationUri.Host}/");
        var faces = new Dictionary<string, IFace>(StringComparer.OrdinalIgnoreCase)
        {
            [kubernetes.Host] = new KubernetesFace(cluster),
            [azure.Host] = new ArmFace(cluster),
            [source.ApplicationUri.Host] = new ApplicationFace(cluster, clock),
        };

        return new ChaosSandbox
        {
            Name = source.Name,
            Seed = seed,
            Clock = clock,
            Handler = new SandboxHandler(faces, clock),
            KubernetesUri = kubernetes,
            AzureUri = azure,
            SubscriptionId = source.SubscriptionId,
            Environment = source.Environment,
        };
    }
}
