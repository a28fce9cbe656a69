using System.Text.Json.Nodes;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Runs;

/// <summary>What a journal begins with.</summary>
internal static class JournalParts
{
    /// <summary>The experiment as it is run, without its secrets.</summary>
    public static JsonObject Copy(RunScope run)
    {
        var copy = run.Redactor.ToJson((DocumentMapping)run.Experiment.Document);
        copy["title"] = run.Title;
        copy["dry"] = run.Options.Dry?.ToString().ToLowerInvariant();
        return copy;
    }

    /// <summary>What ChaosPS has to say of a run besides what the Chaos Toolkit does.</summary>
    public static JsonObject Ours(RunScope run) => new()
    {
        ["run_id"] = run.Recovery.RunId,
        ["chaosps_version"] = typeof(JournalParts).Assembly.GetName().Version?.ToString(3),
        ["source"] = run.Experiment.Source,
        ["seed"] = run.Options.Seed,
        ["compatibility"] = run.JudgedAsThere ? run.Options.Compatibility.ToString() : null,
        ["strategies"] = new JsonObject { ["hypothesis"] = run.HypothesisStrategy.ToString(), ["rollbacks"] = run.RollbackStrategy.ToString() },
        ["cluster"] = Cluster(run),
        ["environment"] = new JsonObject(run.Values.Sources.Select(static source => KeyValuePair.Create(source.Key, (JsonNode?)source.Value))),
        ["controls"] = new JsonArray(),
        ["safeguards"] = new JsonArray(),
        ["targets"] = new JsonArray(),
        ["prediction"] = null,
        ["undo"] = null,
    };

    /// <summary>What an action will change.</summary>
    public static JsonNode Target(ActivityTarget target)
    {
        var json = new JsonObject
        {
            ["phase"] = target.Phase.ToString(),
            ["activity"] = target.Activity,
            ["action"] = target.Action,
            ["id"] = target.Id,
        };
        switch (target)
        {
            case MachineTarget machine:
                json["name"] = machine.Instance.Name;
                json["node"] = machine.Instance.ComputerName;
                json["power_state"] = machine.Instance.PowerState.ToString();
                break;
            case ClusterTarget cluster:
                json["name"] = cluster.Cluster.Name;
                json["power_state"] = cluster.Cluster.PowerState;
                break;
            case FileTarget file:
                json["name"] = file.Path;
                json["destination"] = file.Destination;
                break;
            case ObjectTarget { Object: var item }:
                json["kind"] = item.Resource.Kind;
                json["namespace"] = item.Namespace;
                json["name"] = item.Name;
                break;
        }

        return json;
    }

    private static JsonObject Cluster(RunScope run)
    {
        var cluster = new JsonObject
        {
            ["name"] = run.Connection.Name,
            ["server"] = run.Connection.Server,
            ["kind"] = run.Connection.Kind.ToString(),
        };
        if (run.Options.RehearsalOf is { } original) cluster["rehearsal_of"] = original;
        return cluster;
    }
}
