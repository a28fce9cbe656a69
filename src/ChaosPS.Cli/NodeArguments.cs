using System.CommandLine;
using ChaosPS.Sandboxes;

namespace ChaosPS.Cli;

/// <summary>What can be said about the nodes of a sandbox whose manifests have none.</summary>
internal sealed class NodeArguments
{
    private readonly Option<int?> _nodes = new("--nodes") { Description = "How many nodes a sandbox of manifests has. Default: 3.", HelpName = "N" };

    private readonly Option<string[]> _zones = new("--zone")
    {
        Description = "The zones of its nodes, in turn, such as 1 or westeurope-1. Default: 1 2 3.",
        HelpName = "ZONE",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _size = new("--node-size") { Description = "The size of its nodes. Default: Standard_D4s_v3.", HelpName = "SIZE" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_nodes, _zones, _size]) command.Options.Add(option);
    }

    /// <summary>The options with what is said about nodes.</summary>
    public SandboxOptions Add(ParseResult parsed, SandboxOptions options) => options with
    {
        Nodes = parsed.GetValue(_nodes),
        Zones = parsed.GetRequiredValue(_zones),
        NodeSize = parsed.GetValue(_size),
    };
}
