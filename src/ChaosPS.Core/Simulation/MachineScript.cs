using ChaosPS.Faults;

namespace ChaosPS.Simulation;

/// <summary>A script inside a machine that Azure has accepted to run.</summary>
internal sealed class MachineScript(string id, SimulatedMachine machine, FaultScript script, DateTimeOffset startTime, DateTimeOffset endTime)
{
    /// <summary>The operation's id.</summary>
    public string Id => id;

    /// <summary>The machine.</summary>
    public SimulatedMachine Machine => machine;

    /// <summary>What it does.</summary>
    public FaultScript Script => script;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset StartTime => startTime;

    /// <summary>When it has run.</summary>
    public DateTimeOffset EndTime => endTime;

    /// <summary>What it has written; null while it runs, and when the machine went off under it.</summary>
    public (string Output, string Error, int ExitCode)? Result { get; set; }

    /// <summary>Whether the machine went off under it.</summary>
    public bool IsLost { get; set; }
}
