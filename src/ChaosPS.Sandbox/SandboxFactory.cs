using ChaosPS.Errors;
using ChaosPS.Sandbox.Http;
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
        var source = ContactsApp.Create(new StableId(ContactsApp.Name, seed), Start);
        return new ChaosSandbox
        {
            Name = source.Name,
            Seed = seed,
            Clock = clock,
            Handler = new SandboxHandler(new Dictionary<string, IFace>(), clock),
            KubernetesUri = new Uri("https://kubernetes.contactsapp.sandbox/"),
            AzureUri = new Uri("https://management.contactsapp.sandbox/"),
            SubscriptionId = source.SubscriptionId,
            Environment = source.Environment,
        };
    }
}
