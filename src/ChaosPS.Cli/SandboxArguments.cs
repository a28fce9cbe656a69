using System.CommandLine;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;

namespace ChaosPS.Cli;

/// <summary>What can be said about a sandbox that is made: the nodes of one whose manifests have none, and its simulation.</summary>
internal sealed class SandboxArguments
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

    private readonly Option<string[]> _settings = MakeSettings();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_nodes, _zones, _size, _settings]) command.Options.Add(option);
    }

    /// <summary>The options with what is said about the sandbox.</summary>
    public SandboxOptions Add(ParseResult parsed, SandboxOptions options) => options with
    {
        Nodes = parsed.GetValue(_nodes),
        Zones = parsed.GetRequiredValue(_zones),
        NodeSize = parsed.GetValue(_size),
        Simulation = parsed.GetRequiredValue(_settings).Select(static text => text.Split('=', 2))
            .GroupBy(static pair => pair[0], StringComparer.OrdinalIgnoreCase).ToDictionary(static group => group.Key, static group => group.Last()[1]),
    };

    private static Option<string[]> MakeSettings()
    {
        var settings = new Option<string[]>("--set")
        {
            Description = "A time or rate of the simulation that is not as usual: NodeMonitorGracePeriod=20s. A wrong name shows all names.",
            HelpName = "NAME=VALUE",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = static _ => [],
        };
        settings.Validators.Add(static result =>
        {
            if (result.Tokens.FirstOrDefault(static token => !token.Value.Contains('=', StringComparison.Ordinal)) is { } wrong)
                result.AddError($"--set {wrong.Value}: write NAME=VALUE, such as NodeMonitorGracePeriod=20s.");
        });
        SimulationOptions usual = new();
        settings.CompletionSources.Add(_ => SimulationSettings.Names.Select(name => $"{name}={SimulationSettings.Text(usual, name)}"));
        return settings;
    }
}
