using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Replay;

/// <summary>Watches a sandbox as a recorder watches a cluster, on a clock that it moves: what changed is asked for at every step.</summary>
internal sealed class WatchRecorder(HttpClient http, VirtualClock clock)
{
    /// <summary>Changes within 100 ms are free, so times need not be exacter.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    private static readonly (string Kind, string Path)[] s_watched =
    [
        ("node", "api/v1/nodes"),
        ("pod", "api/v1/pods"),
        ("deploy", "apis/apps/v1/deployments"),
        ("rs", "apis/apps/v1/replicasets"),
        ("pdb", "apis/policy/v1/poddisruptionbudgets"),
        ("epslice", "apis/discovery.k8s.io/v1/endpointslices"),
        ("event", "api/v1/events"),
    ];

    private readonly TimelineWriter _writer = new();
    private readonly byte[] _buffer = new byte[1 << 20];
    private string? _version;

    /// <summary>What was written down.</summary>
    public IReadOnlyList<string> Lines => _writer.Lines;

    /// <summary>Begins to write down what changes.</summary>
    public void Begin()
    {
        foreach (var (kind, path) in s_watched)
        {
            var list = Get(path);
            foreach (var item in list["items"]!.AsArray()) _writer.Know(kind, item!.AsObject());
            _version = Version(list);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        if (_version is null)
        {
            clock.Advance(time - clock.GetUtcNow());
            return;
        }

        Catch();
        while (clock.GetUtcNow() < time)
        {
            var rest = time - clock.GetUtcNow();
            clock.Advance(rest < s_step ? rest : s_step);
            Catch();
        }
    }

    private void Catch()
    {
        var now = Version(Get("api/v1/namespaces?limit=1"));
        if (now == _version) return;
        var events = s_watched.SelectMany(watched => Changes(watched.Path).Select(it => (watched.Kind, Event: it)))
            .OrderBy(static it => long.Parse((string)it.Event["object"]!["metadata"]!["resourceVersion"]!, CultureInfo.InvariantCulture));
        foreach (var (kind, it) in events) _writer.Write(clock.GetUtcNow(), kind, (string)it["type"]!, it["object"]!.AsObject());
        _version = now;
    }

    /// <summary>A watch tells what it knows at once; then it waits, and is left.</summary>
    private List<JsonObject> Changes(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?watch=1&resourceVersion={_version}");
        using var response = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).GetAwaiter().GetResult();
        response.EnsureSuccessStatusCode();
        using var stream = response.Content.ReadAsStreamAsync().GetAwaiter().GetResult();
        StringBuilder text = new();
        while (stream.ReadAsync(_buffer, 0, _buffer.Length) is { IsCompleted: true } read) text.Append(Encoding.UTF8.GetString(_buffer, 0, read.GetAwaiter().GetResult()));
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!.AsObject())];
    }

    private JsonObject Get(string path) => JsonNode.Parse(http.GetStringAsync(new Uri(path, UriKind.Relative)).GetAwaiter().GetResult())!.AsObject();

    private static string Version(JsonObject list) => (string)list["metadata"]!["resourceVersion"]!;
}
