using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Http;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Starts, stops and deletes the AKS cluster as a whole. While it is stopped its machines are deallocated, and nobody answers for its API server.</summary>
/// <remarks>
/// Source: https://learn.microsoft.com/azure/aks/start-stop-cluster . How long it takes is chosen, some minutes as there. What runs in the cluster is simulated
/// further while it is stopped.
/// </remarks>
/// <param name="time">The sandbox's clock.</param>
internal sealed class ControlPlane(TimeProvider time)
{
    private static readonly TimeSpan s_stopTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_startTime = TimeSpan.FromMinutes(4);

    /// <summary>After the beginning of a start the API server answers, while nodes still come.</summary>
    private static readonly TimeSpan s_bootTime = TimeSpan.FromMinutes(1);

    private PowerAction _last = PowerAction.Start;
    private DateTimeOffset _began = DateTimeOffset.MinValue;
    private int _count;

    /// <summary>Whether nobody answers for the API server.</summary>
    public bool IsAway => _last != PowerAction.Start || (_count > 0 && time.GetUtcNow() < _began + s_bootTime);

    /// <summary>Whether the cluster is deleted.</summary>
    public bool IsGone => _last == PowerAction.Delete && !IsBusy;

    /// <summary>Azure's word for what is being done to it.</summary>
    public string ProvisioningState => !IsBusy ? "Succeeded" : _last switch
    {
        PowerAction.PowerOff => "Stopping",
        PowerAction.Start => "Starting",
        _ => "Deleting",
    };

    /// <summary>Azure's word for whether it runs.</summary>
    public string PowerState => _last == PowerAction.PowerOff && !IsBusy ? "Stopped" : "Running";

    private bool IsBusy => _count > 0 && time.GetUtcNow() < End;

    private DateTimeOffset End => _began + (_last == PowerAction.Start ? s_startTime : s_stopTime);

    /// <summary>Accepts an operation on the cluster, or refuses it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="location">The region.</param>
    /// <param name="action">Start, PowerOff or Delete.</param>
    /// <param name="machines">Its machines.</param>
    /// <param name="simulation">Carries it out on these.</param>
    /// <exception cref="ArmException">Another one is going on, or its state does not allow it.</exception>
    public FaceResponse Begin(
        FaceRequest request, string subscription, string location, PowerAction action, IEnumerable<SimulatedMachine> machines, ClusterSimulation simulation)
    {
        if (IsBusy)
        {
            throw ArmException.Conflict(
                "OperationNotAllowed",
                $"Operation is not allowed because there's an in progress {ProvisioningState.ToLowerInvariant()} managed cluster operation on the managed cluster. Please wait for it to finish "
                + "before starting a new operation.");
        }

        if (action == _last)
        {
            throw new ArmException(
                HttpStatusCode.BadRequest, "BadRequest",
                $"managed cluster is in Provisioning State(Succeeded) and Power State({PowerState}), {(action == PowerAction.Start ? "starting" : "stopping")} cannot be performed");
        }

        (_last, _began) = (action, time.GetUtcNow());
        _count++;
        var each = action == PowerAction.PowerOff ? PowerAction.Deallocate : action;
        foreach (var machine in machines.Where(machine => each == PowerAction.Delete || machine.PowerState.IsOff() == (each == PowerAction.Start)).ToArray())
            simulation.Begin(machine, each);
        var address = string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Uri.GetLeftPart(UriPartial.Authority)}/subscriptions/{subscription}/providers/Microsoft.ContainerService/locations/{location}/operations/{_count}?api-version={request.Query("api-version")}");
        return FaceResponse.Empty(HttpStatusCode.Accepted).With("Azure-AsyncOperation", address).With("Location", address);
    }

    /// <summary>The status of an operation.</summary>
    /// <exception cref="ArmException">It is unknown, or of long ago.</exception>
    public FaceResponse Status(string id)
    {
        if (id != _count.ToString(CultureInfo.InvariantCulture)) throw ArmException.OperationNotFound(id);
        return FaceResponse.Json(HttpStatusCode.OK, new JsonObject { ["name"] = id, ["status"] = IsBusy ? "InProgress" : "Succeeded", ["startTime"] = ApiTime.MicroText(_began) });
    }
}
