using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>What stands in the place of a provider that cannot be read. A run that is not validated comes to it, and no further.</summary>
internal sealed record UnreadableProvider(DocumentMapping Node) : ActivityProvider(Node)
{
    /// <inheritdoc/>
    public override void Check(FindingList findings)
    {
        // What is wrong with it was found when it was read.
    }

    /// <inheritdoc/>
    protected override Task<object?> RunAsync(ActivityContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("An activity that cannot be read has a flaw.");
}
