using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Core.Tests.Simulation.Replay;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Replay;

/// <summary>A sandbox, acted on and watched through its APIs only: Kubernetes and Azure, as a stranger would.</summary>
internal sealed class ApiRig : IRig, IDisposable
{
    private const string Merge = "application/merge-patch+json";
    private const string Home = $"api/v1/namespaces/{RecordedCluster.Namespace}";
    private const string Deployments = $"apis/apps/v1/namespaces/{RecordedCluster.Namespace}/deployments";

    private readonly ChaosSandbox _sandbox;
    private readonly HttpClient _http;
    private readonly WatchRecorder _recorder;
    private readonly Dictionary<string, string> _machines = [];

    public ApiRig(Recording recording)
    {
        var options = recording.MakeOptions();
        var settings = SimulationSettings.Names.Select(name => KeyValuePair.Create(name, SimulationSettings.Text(options, name))).Where(static setting => setting.Value.Length > 0);
        _sandbox = SandboxFactory.Create(
            RecordedSnapshot.Take(recording), new Dictionary<string, string>(), new SandboxOptions { Seed = recording.Seed, Simulation = settings.ToDictionary() });
        _http = new HttpClient(_sandbox.Handler, disposeHandler: false) { BaseAddress = _sandbox.KubernetesUri, Timeout = Timeout.InfiniteTimeSpan };
        _recorder = new WatchRecorder(_http, (VirtualClock)_sandbox.Clock);

        // A node's object may be gone when its machine is started.
        foreach (var node in Kubernetes("GET", "api/v1/nodes").Json["items"]!.AsArray())
            _machines.Add((string)node!["metadata"]!["name"]!, ((string)node["spec"]!["providerID"]!)["azure:///".Length..]);
    }

    public List<Transition> Transitions => TimelineReader.Read(_recorder.Lines, DateTimeOffset.MinValue);

    public void AdvanceTo(DateTimeOffset time) => _recorder.AdvanceTo(time);

    public void Record()
    {
        if (Kubernetes("GET", Home).Status == HttpStatusCode.NotFound) Kubernetes("POST", "api/v1/namespaces", $$$"""{"metadata":{"name":"{{{RecordedCluster.Namespace}}}"}}""", HttpStatusCode.Created);
        _recorder.Begin();
    }

    public void Apply(string file, string kind, string name)
    {
        var manifest = RecordedSnapshot.Manifest(file).Single(item => (string)item["kind"]! == kind && (string)item["metadata"]!["name"]! == name);
        var path = kind switch
        {
            "Service" => $"{Home}/services",
            "Pod" => $"{Home}/pods",
            "PodDisruptionBudget" => $"apis/policy/v1/namespaces/{RecordedCluster.Namespace}/poddisruptionbudgets",
            _ => $"apis/apps/v1/namespaces/{RecordedCluster.Namespace}/{kind.ToLowerInvariant()}s",
        };
        Kubernetes("POST", path, manifest.ToJsonString(), HttpStatusCode.Created);
    }

    public void DeletePod(string name) => Kubernetes("DELETE", $"{Home}/pods/{name}", expected: HttpStatusCode.OK);

    public void Scale(string deployment, int replicas) =>
        Kubernetes("PATCH", $"{Deployments}/{deployment}/scale", $$$"""{"spec":{"replicas":{{{replicas}}}}}""", HttpStatusCode.OK, Merge);

    public void RestartRollout(string deployment) => Kubernetes(
        "PATCH", $"{Deployments}/{deployment}",
        $$$$$$"""{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"{{{{{{ApiTime.Text(_sandbox.Clock.GetUtcNow())}}}}}}"}}}}}""",
        HttpStatusCode.OK, "application/strategic-merge-patch+json");

    public void PowerOff(string node) => Azure(node, "poweroff", "&skipShutdown=true");

    public void PowerOn(string node) => Azure(node, "start", "");

    public void DeleteNode(string node) => Kubernetes("DELETE", $"api/v1/nodes/{node}", expected: HttpStatusCode.OK);

    public void SetUnschedulable(string node, bool unschedulable) => Kubernetes(
        "PATCH", $"api/v1/nodes/{node}", unschedulable ? """{"spec":{"unschedulable":true}}""" : """{"spec":{"unschedulable":null}}""", HttpStatusCode.OK, "application/strategic-merge-patch+json");

    public void Evict(params string[] pods)
    {
        foreach (var pod in pods) Evict(pod, HttpStatusCode.Created);
    }

    public void RefuseEviction(string pod, string message, string cause)
    {
        var refusal = Evict(pod, HttpStatusCode.TooManyRequests);
        Assert.Equal((message, cause), ((string)refusal["message"]!, (string)refusal["details"]!["causes"]![0]!["message"]!));
    }

    public void Dispose() => _http.Dispose();

    private JsonObject Evict(string pod, HttpStatusCode expected) => Kubernetes(
        "POST", $"{Home}/pods/{pod}/eviction", $$$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{{pod}}}","namespace":"{{{RecordedCluster.Namespace}}}"}}""",
        expected).Json;

    private void Azure(string node, string action, string query)
    {
        Send("POST", new Uri(_sandbox.AzureUri, $"{_machines[node]}/{action}?api-version=2023-07-01{query}"), null, HttpStatusCode.Accepted, "application/json");
    }

    private (HttpStatusCode Status, JsonObject Json) Kubernetes(string method, string path, string? body = null, HttpStatusCode? expected = null, string type = "application/json") =>
        Send(method, new Uri(_sandbox.KubernetesUri, path), body, expected, type);

    private (HttpStatusCode Status, JsonObject Json) Send(string method, Uri uri, string? body, HttpStatusCode? expected, string type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = _http.SendAsync(request).GetAwaiter().GetResult();
        var text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        Assert.True(expected is null || expected == response.StatusCode, $"{method} {uri}: {response.StatusCode} {text}");
        return (response.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
    }
}
