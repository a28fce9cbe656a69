using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>A watch that goes on: its events, one after the other.</summary>
internal sealed class Watching : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private Watching(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    public static async Task<Watching> Begin(SandboxClient client, string path)
    {
        using var http = new HttpClient(client.Sandbox.Handler, disposeHandler: false);
        var response = await http.GetAsync(new Uri(client.Sandbox.KubernetesUri, path), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new Watching(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null when the watch has ended.</summary>
    public async Task<JsonObject?> Next() =>
        await _reader.ReadLineAsync().WaitAsync(s_patience) is { } line ? JsonNode.Parse(line)!.AsObject() : null;

    /// <summary>The next events in short: type and name.</summary>
    public async Task<string[]> Next(int count)
    {
        var found = new List<string>();
        while (found.Count < count && await Next() is { } item) found.Add($"{item["type"]} {item["object"]!["metadata"]!["name"]}");
        return [.. found];
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
