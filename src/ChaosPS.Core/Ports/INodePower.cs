using ChaosPS.Clusters;

namespace ChaosPS.Ports;

/// <summary>The machines behind the nodes: finding them and changing their power.</summary>
/// <remarks>Every method throws <see cref="ChaosPS.Errors.ChaosException"/> for failures that Azure reports, and honours its token.</remarks>
public interface INodePower
{
    /// <summary>The scale sets that match a Resource Graph filter (<c>where …</c>); null means all of the subscription.</summary>
    Task<IReadOnlyList<ScaleSet>> FindScaleSetsAsync(string? filter, CancellationToken cancellationToken);

    /// <summary>All instances of a scale set with their power states, in one listing with instance views.</summary>
    Task<IReadOnlyList<ScaleSetInstance>> GetInstancesAsync(string scaleSetResourceId, CancellationToken cancellationToken);

    /// <summary>Asks Azure to change the power of one instance and returns once Azure has accepted.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="action">What to do; a restart is sent as it is, so whoever calls turns it into a start when the instance is off.</param>
    /// <param name="skipShutdown">For <see cref="PowerAction.PowerOff"/>: cut the power without shutting the guest down.</param>
    /// <param name="cancellationToken">Cancels the asking, not what Azure has accepted.</param>
    Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken);
}

/// <summary>A change that Azure has accepted and carries out.</summary>
public interface IPowerOperation
{
    /// <summary>Waits until Azure says that it is done. Cancelling ends the waiting, not the operation.</summary>
    Task WaitAsync(CancellationToken cancellationToken);
}
