using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Sandbox;
using ChaosPS.Sandboxes;
using ChaosPS.Tests;
using ChaosPS.Time;
using k8s;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>An activity of an experiment.</summary>
/// <param name="Function">Its name after <c>chaosk8s.</c>.</param>
/// <param name="Arguments">Its arguments as JSON; null for none.</param>
internal sealed record Act(string Function, string? Arguments = null)
{
    /// <summary>Seconds that pass after it.</summary>
    public int Pause { get; init; }
}

/// <summary>A sandbox, seen through the real client, in which experiments of Kubernetes activities run.</summary>
internal sealed class ActivityWorld : IDisposable, IChaosLog
{
    public const string Space = "contactsapp";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-test-");

    /// <param name="api">The Kubernetes API; null for the sandbox's, in which Chaos Mesh's kinds and two of the test's are defined.</param>
    public ActivityWorld(HttpMessageHandler? api = null)
    {
        Sandbox = SandboxFactory.Create("contactsapp", seed: 7);
        Access = new AccessControl(api ?? Sandbox.Handler);
        var inner = new Composition().Connect(Sandbox);
        Connection = new ChaosConnection
        {
            Name = inner.Name,
            Server = inner.Server,
            Kind = inner.Kind,
            Cluster = new KubernetesCluster(
                inner.Name, new KubernetesClientConfiguration { Host = inner.Server, AccessToken = "sandbox" }, inner.Time, new PassThroughHandler(Access)),
            Power = inner.Power,
            Http = inner.Http,
            ServedHosts = inner.ServedHosts,
            Time = inner.Time,
            Environment = inner.Environment,
        };
        if (api is null) CustomKinds.DefineAsync(Connection).GetAwaiter().GetResult();
    }

    public ChaosSandbox Sandbox { get; }

    /// <summary>Stands before the API: allows everything unless it is told otherwise.</summary>
    public AccessControl Access { get; }

    public ChaosConnection Connection { get; }

    public List<string> Warnings { get; } = [];

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A file of an object.</summary>
    public string File(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs an experiment whose method is these activities, and whose rollbacks are those.</summary>
    public Task<ChaosRun> RunAsync(Act[] method, Act[]? rollbacks = null, bool allowIrreversible = false, string more = "{}")
    {
        var experiment = (JsonObject)JsonNode.Parse(more)!;
        experiment["title"] = "t";
        experiment["description"] = "d";
        experiment["method"] = new JsonArray([.. method.Select(Activity)]);
        experiment["rollbacks"] = new JsonArray([.. (rollbacks ?? []).Select(Activity)]);
        return ExperimentRunner.RunAsync(
            ExperimentReader.Read(experiment.ToJsonString(), Path.Combine(_folder.FullName, "e.json"), new Composition().Documents) with { Folder = _folder.FullName }, Connection,
            new RunOptions { StatePath = _folder.FullName, AllowIrreversible = allowIrreversible, Seed = 1 }, this, default);
    }

    /// <summary>An object as it is now; null when there is none.</summary>
    public async Task<JsonNode?> FindAsync(string group, string kind, string plural, string? space, string name, string version = "v1")
    {
        var found = await Connection.Time.RunAsync(
            () => Connection.Cluster.FindObjectAsync(new ObjectReference(new ApiResource(group, version, kind, plural, space is not null), space, name), default));
        return found is { } item ? JsonNode.Parse(item.GetRawText()) : null;
    }

    private static JsonObject Activity(Act act)
    {
        var name = act.Function.Split('.');
        return new JsonObject
        {
            ["type"] = name[^2] == "probes" ? "probe" : "action",
            ["name"] = name[^1],
            ["provider"] = new JsonObject
            {
                ["type"] = "python",
                ["module"] = $"chaosk8s.{string.Join('.', name[..^1])}",
                ["func"] = name[^1],
                ["arguments"] = JsonNode.Parse(act.Arguments ?? "{}"),
            },
            ["pauses"] = new JsonObject { ["after"] = act.Pause },
        };
    }

    void IChaosLog.Write(ChaosLogLevel level, string message)
    {
        if (level == ChaosLogLevel.Warning) Warnings.Add(message);
    }

    void IChaosLog.Progress(string activity, string status, int? percent, bool completed)
    {
    }
}
