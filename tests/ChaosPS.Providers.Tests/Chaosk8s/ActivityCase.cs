using System.Text.Json.Nodes;
using ChaosPS.Experiments;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>An experiment that shows what one activity does.</summary>
/// <param name="Method">The activities; what they return shows the effect.</param>
/// <param name="Check">Looks at what they returned.</param>
internal sealed record ActivityCase(Act[] Method, Action<IReadOnlyList<JsonNode?>> Check)
{
    /// <summary>Files that it needs, by their names.</summary>
    public Dictionary<string, string> Files { get; init; } = [];

    /// <summary>Whether the run must allow what cannot be undone.</summary>
    public bool Irreversible { get; init; }

    /// <summary>What an activity that fails must say; null when none may.</summary>
    public string? Failure { get; init; }

    /// <summary>Looks at the cluster after the run, when everything that could be put back has been.</summary>
    public Func<ActivityWorld, ChaosRun, Task>? After { get; init; }

    public ActivityCase With(Dictionary<string, string> files) => this with { Files = files };

    public ActivityCase Irreversibly() => this with { Irreversible = true };

    public ActivityCase Failing(string why) => this with { Failure = why };
}
