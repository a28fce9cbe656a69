using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Providers.Azure;

/// <summary>An operation on a whole AKS cluster that ARM has accepted: done when ARM says so and the cluster is as the operation leaves it.</summary>
/// <param name="call">The operation in words.</param>
/// <param name="action">What is done to it.</param>
/// <param name="progress">Asks ARM.</param>
/// <param name="look">Reads the cluster.</param>
/// <param name="time">The clock.</param>
internal sealed class AksOperation(
    AzureCall call, PowerAction action, ArmProgress progress, Func<CancellationToken, Task<AksCluster>> look, TimeProvider time) : IPowerOperation
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    /// <summary>How long after its operation the cluster's state may lag behind.</summary>
    private static readonly TimeSpan s_lag = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var lost = await ArmFollower.FollowAsync(call, progress, time, cancellationToken);
        var began = time.GetUtcNow();
        while (true)
        {
            var (done, state) = await LookAsync(cancellationToken);
            if (done) return;
            if (time.GetUtcNow() - began >= s_lag)
            {
                throw lost is null
                    ? ChaosErrors.PowerStateOther(call.Words, state, s_lag, "cluster")
                    : ChaosErrors.PowerOperationLost(call.Words, state, lost, "cluster");
            }

            await time.DelayAsync(s_interval, cancellationToken);
        }
    }

    private async Task<(bool Done, string State)> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var cluster = await look(cancellationToken);
            var state = $"{cluster.PowerState} ({cluster.ProvisioningState})";
            return (action != PowerAction.Delete && cluster.ProvisioningState == "Succeeded" && cluster.IsRunning == (action == PowerAction.Start), state);
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.NotFound)
        {
            return (action == PowerAction.Delete, "gone");
        }
    }
}
