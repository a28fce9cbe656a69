using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class MachineTests
{
    private static ClusterSimulation Cluster() => TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(1);

    [Theory]
    [InlineData(PowerAction.PowerOff, false, PowerState.Stopping, PowerState.Stopped, 10, 14)]
    [InlineData(PowerAction.PowerOff, true, PowerState.Stopping, PowerState.Stopped, 4, 7)]
    [InlineData(PowerAction.Deallocate, false, PowerState.Deallocating, PowerState.Deallocated, 25, 40)]
    [InlineData(PowerAction.Restart, false, PowerState.Starting, PowerState.Running, 25, 35)]
    public void An_operation_passes_through_its_states(
        PowerAction action, bool skipShutdown, PowerState meanwhile, PowerState atLast, double shortest, double longest)
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        var operation = simulation.Begin(node, action, skipShutdown);
        Assert.Equal(MachineOperationStatus.InProgress, operation.Status);
        Assert.Equal((meanwhile, "Updating"), (node.Machine.PowerState, node.Machine.ProvisioningState));
        Assert.False(node.KubeletRuns);
        Assert.All(node.Pods, pod => Assert.False(pod.IsAlive));
        Assert.True(node.Ready, "Kubernetes knows nothing yet.");
        Assert.InRange((operation.EndTime - operation.StartTime).TotalSeconds, shortest, longest);
        simulation.AdvanceTo(operation.EndTime);
        Assert.Equal(MachineOperationStatus.Succeeded, operation.Status);
        Assert.Equal((atLast, "Succeeded"), (node.Machine.PowerState, node.Machine.ProvisioningState));
        Assert.Null(node.Machine.Operation);
    }

    [Fact]
    public void A_restart_of_a_running_machine_is_over_before_kubernetes_notices()
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.Restart);
        simulation.Run(120);
        Assert.DoesNotContain(simulation.Events, e => e.Reason == "NodeNotReady");
        Assert.All(node.Pods, pod => Assert.Equal((true, 1), (pod.Ready, pod.Containers[0].RestartCount)));
    }

    [Fact]
    public void A_restart_of_a_machine_that_is_off_is_refused()
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        simulation.AdvanceTo(simulation.Begin(node, PowerAction.PowerOff).EndTime);
        var refused = Assert.Throws<PowerRefusedException>(() => simulation.Begin(node, PowerAction.Restart));
        Assert.Equal("OperationNotAllowed", refused.Code);
        Assert.Equal(PowerState.Stopped, node.Machine.PowerState);
    }

    [Fact]
    public void A_power_off_of_a_deallocated_machine_is_refused_but_it_starts()
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        simulation.AdvanceTo(simulation.Begin(node, PowerAction.Deallocate).EndTime);
        Assert.Throws<PowerRefusedException>(() => simulation.Begin(node, PowerAction.PowerOff));
        simulation.AdvanceTo(simulation.Begin(node, PowerAction.Start).EndTime);
        Assert.Equal(PowerState.Running, node.Machine.PowerState);
    }

    [Fact]
    public void What_is_so_already_succeeds_at_once_and_does_no_harm()
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        Assert.Equal(MachineOperationStatus.Succeeded, simulation.Begin(node, PowerAction.Start).Status);
        Assert.True(node.KubeletRuns);
        simulation.AdvanceTo(simulation.Begin(node, PowerAction.PowerOff).EndTime);
        Assert.Equal(MachineOperationStatus.Succeeded, simulation.Begin(node, PowerAction.PowerOff).Status);
    }

    [Fact]
    public void A_start_in_the_middle_of_a_power_off_takes_its_place()
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        var stop = simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(3);
        var start = simulation.Begin(node, PowerAction.Start);
        Assert.Equal((MachineOperationStatus.Failed, "OperationPreempted"), (stop.Status, stop.ErrorCode));
        simulation.Run(60);
        Assert.Equal((MachineOperationStatus.Succeeded, PowerState.Running), (start.Status, node.Machine.PowerState));
        Assert.True(node.KubeletRuns);
    }

    [Fact]
    public void A_stop_in_the_middle_of_a_boot_keeps_the_kubelet_from_coming_up()
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        simulation.AdvanceTo(simulation.Begin(node, PowerAction.PowerOff).EndTime);
        simulation.AdvanceTo(simulation.Begin(node, PowerAction.Start).EndTime);
        simulation.Run(1);
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(30);
        Assert.False(node.KubeletRuns);
        Assert.All(node.Pods, pod => Assert.False(pod.IsAlive));
    }

    [Fact]
    public void Machines_are_found_by_resource_id_in_any_case()
    {
        var simulation = Cluster();
        var id = simulation.Node("node1").Spec.ResourceId!;
        Assert.Equal("node1", simulation.FindMachine(id.ToUpperInvariant())!.NodeName);
        Assert.Null(simulation.FindMachine(id + "0"));
    }
}
