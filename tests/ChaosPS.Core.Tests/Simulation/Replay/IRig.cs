namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>A cluster that goes through what was recorded: the simulation itself, or a sandbox's API.</summary>
internal interface IRig
{
    /// <summary>Lets time pass.</summary>
    void AdvanceTo(DateTimeOffset time);

    /// <summary>Begins to write down what changes.</summary>
    void Record();

    /// <summary>What has changed since.</summary>
    List<Transition> Transitions { get; }

    void Apply(string file, string kind, string name);

    void DeletePod(string name);

    void Scale(string deployment, int replicas);

    void RestartRollout(string deployment);

    void PowerOff(string node);

    void PowerOn(string node);

    void DeleteNode(string node);

    void SetUnschedulable(string node, bool unschedulable);

    void Evict(params string[] pods);

    void RefuseEviction(string pod, string message, string cause);
}
