using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>The states of an asynchronous operation, in Azure's words.</summary>
public enum MachineOperationStatus
{
    /// <summary>Accepted and going on.</summary>
    InProgress,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Given up because a later operation on the same machine took its place.</summary>
    Failed,
}

/// <summary>A power operation that Azure has accepted.</summary>
public sealed class MachineOperation
{
    internal MachineOperation(string id, SimulatedMachine machine, PowerAction action, DateTimeOffset startTime, DateTimeOffset endTime)
    {
        Id = id;
        Machine = machine;
        Action = action;
        StartTime = startTime;
        EndTime = endTime;
    }

    /// <summary>The operation's id.</summary>
    public string Id { get; }

    /// <summary>The machine.</summary>
    public SimulatedMachine Machine { get; }

    /// <summary>What is being done.</summary>
    public PowerAction Action { get; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>When it is or will be done.</summary>
    public DateTimeOffset EndTime { get; internal set; }

    /// <summary>Whether it is done.</summary>
    public MachineOperationStatus Status { get; internal set; }

    /// <summary>Azure's error code of a failed one: <c>OperationPreempted</c>; null otherwise.</summary>
    public string? ErrorCode { get; internal set; }
}
