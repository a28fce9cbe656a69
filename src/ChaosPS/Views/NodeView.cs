using System.Management.Automation;
using ChaosPS.Clusters;

namespace ChaosPS.Views;

/// <summary>Chooses the table that a node is shown in: one with the columns that it has values for.</summary>
internal static class NodeView
{
    private const string PowerTypeName = "ChaosPS.Clusters.ClusterNode#Power";
    private const string WaitedTypeName = "ChaosPS.Clusters.ClusterNode#Waited";
    private const string DrainedTypeName = "ChaosPS.Clusters.ClusterNode#Drained";

    /// <summary>The node, with the column PowerState when that is known.</summary>
    public static object Of(ClusterNode node) => node.PowerState == PowerState.Unknown ? node : Named(node, PowerTypeName);

    /// <summary>The node as Wait-ClusterNode shows it: the state that it reached, and how long that took.</summary>
    public static object Waited(ClusterNode node, NodeState state)
    {
        var view = Named(node, WaitedTypeName);
        view.Properties.Add(new PSNoteProperty("State", state));
        return view;
    }

    /// <summary>The node as Clear-ClusterNode shows it: how many pods it took away, and how long that took.</summary>
    public static object Drained(ClusterNode node) => node.Drain is null ? node : Named(node, DrainedTypeName);

    private static PSObject Named(ClusterNode node, string typeName)
    {
        var view = new PSObject(node);
        view.TypeNames.Insert(0, typeName);
        return view;
    }
}
