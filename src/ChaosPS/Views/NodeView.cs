using System.Management.Automation;
using ChaosPS.Clusters;

namespace ChaosPS.Views;

/// <summary>Chooses the table that a node is shown in: one with the columns that it has values for.</summary>
internal static class NodeView
{
    private const string PowerTypeName = "ChaosPS.Clusters.ClusterNode#Power";
    private const string WaitedTypeName = "ChaosPS.Clusters.ClusterNode#Waited";

    /// <summary>The node, with the column PowerState when that is known.</summary>
    public static object Of(ClusterNode node) => node.PowerState == PowerState.Unknown ? node : Named(node, PowerTypeName);

    /// <summary>The node as Wait-ClusterNode shows it: the state that it reached, and how long that took.</summary>
    public static object Waited(ClusterNode node, NodeState state)
    {
        var view = Named(node, WaitedTypeName);
        view.Properties.Add(new PSNoteProperty("State", state));
        return view;
    }

    private static PSObject Named(ClusterNode node, string typeName)
    {
        var view = new PSObject(node);
        view.TypeNames.Insert(0, typeName);
        return view;
    }
}
