using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Providers.Azure;

/// <summary>Looks at machines for those who wait for them: one listing a scale set for all who look at about the same time.</summary>
internal sealed class MachineWatch(INodePower power, TimeProvider time) : IDisposable
{
    /// <summary>Between two looks at one scale set.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, (DateTimeOffset At, IReadOnlyList<ScaleSetInstance> Machines)> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>The machine as it was at an instant or later; null when it is gone.</summary>
    /// <param name="machine">Which one.</param>
    /// <param name="notBefore">A listing that began before this says nothing.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    public async Task<ScaleSetInstance?> LookAsync(ScaleSetInstance machine, DateTimeOffset notBefore, CancellationToken cancellationToken)
    {
        var key = machine.ScaleSet?.ResourceId ?? machine.ResourceId;
        var turn = _turn.WaitAsync(cancellationToken);
        await time.WhenAllAsync([turn]); // whoever lists may have to let time pass
        try
        {
            if (!_seen.TryGetValue(key, out var seen) || seen.At < notBefore)
            {
                var at = time.GetUtcNow();
                seen = (at, machine.ScaleSet is { } scaleSet
                    ? await power.GetInstancesAsync(scaleSet, cancellationToken)
                    : await power.GetVirtualMachinesAsync([machine.ResourceId], cancellationToken));
                _seen[key] = seen;
            }

            return seen.Machines.FirstOrDefault(other => string.Equals(other.ResourceId, machine.ResourceId, StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            _turn.Release();
        }
    }
}
