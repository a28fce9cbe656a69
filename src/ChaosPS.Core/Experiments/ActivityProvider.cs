using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>What carries an activity out: its provider, as the file defines it.</summary>
/// <param name="Node">Its place in the document.</param>
internal abstract record ActivityProvider(DocumentMapping Node)
{
    /// <summary>Whether its result is a mapping with a <c>status</c>, which numbers are held against.</summary>
    public virtual bool HasStatus => false;

    /// <summary>The part of its result that is a text.</summary>
    public virtual string TextTarget => "";

    /// <summary>The parts of its result, when that is a mapping with a status.</summary>
    public virtual IReadOnlyList<string> Parts => [];

    /// <summary>The part of the definition in which no placeholders are filled; null when there is none.</summary>
    public virtual DocumentNode? Literal => null;

    /// <summary>Why it cannot be carried out as it is written, of which validation has told; null when it can.</summary>
    public ExperimentFinding? Flaw { get; init; }

    /// <summary>Reports what is wrong with the definition.</summary>
    public abstract void Check(FindingList findings);

    /// <summary>Reports what is missing in the environment that it would run in.</summary>
    public virtual void Check(EnvironmentVariables environment, FindingList findings)
    {
    }

    /// <summary>Carries the activity out.</summary>
    /// <returns>Its output, a plain value.</returns>
    /// <exception cref="Errors.ChaosException">It could not do its work; id <c>ActivityInvalid</c> when it has a flaw.</exception>
    public Task<object?> CarryOutAsync(ActivityContext context, CancellationToken cancellationToken) =>
        Flaw is null ? RunAsync(context, cancellationToken) : throw Errors.ChaosErrors.ActivityInvalid(Flaw);

    /// <summary>Carries the activity out, which has no flaw.</summary>
    protected abstract Task<object?> RunAsync(ActivityContext context, CancellationToken cancellationToken);
}
