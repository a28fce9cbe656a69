using ChaosPS.Experiments.Azure;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments;

/// <summary>What an activity works with.</summary>
internal sealed record ActivityContext
{
    /// <summary>The cluster, its machines, its application and its clock.</summary>
    public required ChaosConnection Connection { get; init; }

    /// <summary>Whether hosts may be reached that the sandbox does not serve.</summary>
    public bool AllowExternal { get; init; }

    /// <summary>The environment that programs run in.</summary>
    public required EnvironmentVariables Environment { get; init; }

    /// <summary>The session of PowerShell that the run was begun in; null when there is none.</summary>
    public ICallerSession? Session { get; init; }

    /// <summary>Fills placeholders.</summary>
    public required Substitution Substitution { get; init; }

    /// <summary>The only way to change a machine's power.</summary>
    public required GuardedPower Power { get; init; }

    /// <summary>The only way to change anything else: its undo is written down first.</summary>
    public required ChangeSet Changes { get; init; }

    /// <summary>Says who asks Azure.</summary>
    public required AzureAskers Azure { get; init; }

    /// <summary>Refuses what the rules forbid.</summary>
    public required BlastGate Gate { get; init; }

    /// <summary>Says what is done.</summary>
    public required IChaosLog Log { get; init; }

    /// <summary>Reads the files that the experiment names.</summary>
    public required SpecFiles Files { get; init; }

    /// <summary>Whose judgement of the run counts.</summary>
    public RunCompatibility Compatibility { get; init; }

    /// <summary>Makes choices that could not be made before the run.</summary>
    public required Random Random { get; init; }

    /// <summary>The part of the run that the activity belongs to.</summary>
    public RunPhase Phase { get; init; }

    /// <summary>The activity's name in the experiment.</summary>
    public string Activity { get; init; } = "";

    /// <summary>Whether changes may be made that cannot be undone.</summary>
    public bool AllowIrreversible { get; init; }

    /// <summary>What the activity was resolved to before anything was touched.</summary>
    public IReadOnlyList<ActivityTarget> Targets { get; init; } = [];

    /// <summary>What this activity and those before it, or after it, were resolved to.</summary>
    public IReadOnlyList<ActivityTarget> All { get; init; } = [];

    /// <summary>The same, through a connection where somebody else asks Azure.</summary>
    public ActivityContext Through(ChaosConnection other) =>
        ReferenceEquals(other, Connection) ? this : this with { Connection = other, Power = Power.Through(other), Gate = Gate.Through(other) };
}
