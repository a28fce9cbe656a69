using ChaosPS.Experiments.Controls;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>An experiment as its file defines it: immutable, and knowing where everything stands.</summary>
public sealed record Experiment
{
    /// <summary>The file's name.</summary>
    public required string Source { get; init; }

    /// <summary>The directory of its file, where the files are looked for that it names; null when it was not read from a file.</summary>
    public string? Folder { get; init; }

    /// <summary>What it is about, as written; empty when it is missing.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it does and why; empty when it is missing.</summary>
    public string Description { get; init; } = "";

    /// <summary>What must hold before and after the method; null when the experiment has none.</summary>
    public ExperimentHypothesis? Hypothesis { get; init; }

    /// <summary>What is done to the system.</summary>
    public IReadOnlyList<ExperimentActivity> Method { get; init; } = [];

    /// <summary>What is done afterwards to put things back.</summary>
    public IReadOnlyList<ExperimentActivity> Rollbacks { get; init; } = [];

    /// <summary>When it wants the hypothesis checked.</summary>
    public HypothesisStrategy HypothesisStrategy { get; init; }

    /// <summary>When it wants the rollbacks played.</summary>
    public RollbackStrategy RollbackStrategy => NamedRollbackStrategy ?? RollbackStrategy.Default;

    /// <summary>The strategy for the rollbacks that it names; null when there is none of that name.</summary>
    internal RollbackStrategy? NamedRollbackStrategy { get; init; } = RollbackStrategy.Default;

    /// <summary>The controls that are declared for the experiment.</summary>
    internal IReadOnlyList<ExperimentControl> Controls { get; init; } = [];

    /// <summary>The controls of files, for every experiment that is run with them.</summary>
    internal IReadOnlyList<ExperimentControl> GlobalControls { get; init; } = [];

    /// <summary>The values of the configuration that probes find out, by key.</summary>
    internal IReadOnlyDictionary<string, ActivityProvider> DynamicConfiguration { get; init; } = new Dictionary<string, ActivityProvider>();

    /// <summary>The document, as written.</summary>
    public required DocumentNode Document { get; init; }

    /// <summary>What read it, and reads the files that it names; null when it was not read from a text.</summary>
    internal IDocumentReader? Documents { get; init; }

    /// <summary>The paths of the nodes of a document that was no text, by their columns; null for one that has lines.</summary>
    internal IReadOnlyList<string>? Paths { get; init; }

    /// <summary>What the reading found to be wrong, whatever environment it will run in.</summary>
    internal IReadOnlyList<ExperimentFinding> Findings { get; init; } = [];

    /// <summary>All activities: of the hypothesis, the method, the rollbacks.</summary>
    internal IEnumerable<ExperimentActivity> Activities => (Hypothesis?.Probes ?? []).Concat(Method).Concat(Rollbacks);

    /// <summary>All controls, wherever they are declared, each once.</summary>
    internal IReadOnlyList<ExperimentControl> AllControls =>
    [
        .. GlobalControls.Concat(Controls).Concat(Hypothesis?.Controls ?? []).Concat(Activities.SelectMany(static activity => activity.Controls))
            .DistinctBy(static control => control.Node, ReferenceEqualityComparer.Instance),
    ];

    /// <summary>What guards the run.</summary>
    internal IEnumerable<Safeguard> Safeguards => AllControls.SelectMany(static control => control.Safeguards);

    /// <summary>The activities, and the probes that guard the run.</summary>
    internal IEnumerable<ExperimentActivity> ActivitiesAndGuards => Activities.Concat(Safeguards.Select(static safeguard => safeguard.Probe));

    /// <summary>Everything that is played, with the name that it has: activities, safeguards, probes of the configuration, tolerances that are probes.</summary>
    internal IEnumerable<(string Name, ActivityProvider Provider)> Providers =>
        DynamicConfiguration.Select(static probe => (probe.Key, probe.Value))
            .Concat(ActivitiesAndGuards.Select(static activity => (activity.Name, activity.Provider)))
            .Concat(ActivitiesAndGuards.Select(static activity => activity.ToleranceProbe).OfType<ToleranceProbe>().Select(static probe => (probe.Name, probe.With(null))));

    /// <summary>All that is written of it, the controls of files too.</summary>
    internal DocumentNode Everything => new DocumentSequence([Document, .. GlobalControls.Select(static control => control.Node)], Document.Line, Document.Column);

    /// <summary>The title.</summary>
    public override string ToString() => Title;
}
