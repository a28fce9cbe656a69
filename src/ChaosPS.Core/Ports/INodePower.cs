using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Faults;

namespace ChaosPS.Ports;

/// <summary>The machines behind the nodes: finding them and changing their power.</summary>
/// <remarks>Every method throws <see cref="ChaosPS.Errors.ChaosException"/> for failures that Azure reports, and honours its token.</remarks>
public interface INodePower
{
    /// <summary>Where in Azure a subscription is, for messages: nobody is asked for it, so that the tenant is not known before somebody has signed in.</summary>
    /// <param name="subscription">As in <see cref="AzureScope.Subscription"/>.</param>
    AzureScope ScopeOf(string? subscription);

    /// <summary>The subscriptions that are looked in.</summary>
    /// <exception cref="Errors.ChaosException">Nothing tells one: id <c>SubscriptionUnknown</c>.</exception>
    Task<IReadOnlyList<string>> GetSubscriptionsAsync(CancellationToken cancellationToken);

    /// <summary>The resources of a type that match a Resource Graph filter, in the order of their ids. What it says may be minutes old.</summary>
    /// <param name="type">The type, such as <c>Microsoft.Compute/virtualMachines</c>.</param>
    /// <param name="filter">The part of a query after the table, <c>where …</c>; null means all of the subscription.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    Task<IReadOnlyList<AzureResource>> FindResourcesAsync(string type, string? filter, CancellationToken cancellationToken);

    /// <summary>The scale sets that match a Resource Graph filter (<c>where …</c>); null means all of the subscription.</summary>
    Task<IReadOnlyList<ScaleSet>> FindScaleSetsAsync(string? filter, CancellationToken cancellationToken);

    /// <summary>All instances of a scale set with their power states, in one listing with instance views.</summary>
    Task<IReadOnlyList<ScaleSetInstance>> GetInstancesAsync(ScaleSet scaleSet, CancellationToken cancellationToken);

    /// <summary>Virtual machines with their power states; those that do not exist are left out.</summary>
    /// <param name="resourceIds">Their resource ids. Those in flexible scale sets are read in one listing a scale set.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<ScaleSetInstance>> GetVirtualMachinesAsync(IReadOnlyCollection<string> resourceIds, CancellationToken cancellationToken);

    /// <summary>Asks Azure to change the power of one machine and returns once Azure has accepted. Another operation on it is waited for, some minutes.</summary>
    /// <param name="instance">The machine.</param>
    /// <param name="action">What to do; a restart is sent as it is, so whoever calls turns it into a start when the machine is off.</param>
    /// <param name="skipShutdown">For <see cref="PowerAction.PowerOff"/>: cut the power without shutting the guest down.</param>
    /// <param name="cancellationToken">Cancels the asking, not what Azure has accepted.</param>
    Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken);

    /// <summary>Asks Azure to run a script inside a Linux machine and returns once Azure has accepted. Another script on it is waited for, some minutes.</summary>
    /// <param name="instance">The machine, which must run.</param>
    /// <param name="script">The script, for <c>/bin/sh</c>.</param>
    /// <param name="cancellationToken">Cancels the asking, not what Azure has accepted.</param>
    Task<IMachineScript> BeginScriptAsync(ScaleSetInstance instance, string script, CancellationToken cancellationToken);
}

/// <summary>A script inside a machine that Azure has accepted to run.</summary>
public interface IMachineScript
{
    /// <summary>Waits until it has run. Cancelling ends the waiting, not the script.</summary>
    Task<MachineOutput> WaitAsync(CancellationToken cancellationToken);
}

/// <summary>A change that Azure has accepted and carries out.</summary>
public interface IPowerOperation
{
    /// <summary>Waits until Azure says that it is done and the machine's power state shows it. Cancelling ends the waiting, not the operation.</summary>
    Task WaitAsync(CancellationToken cancellationToken);
}
