using System.Text.Json;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>Notes the requests to a sandbox's Azure on their way.</summary>
internal sealed class RequestLog : DelegatingHandler
{
    private readonly string _azure;

    public RequestLog(ChaosSandbox sandbox)
        : base(sandbox.Handler)
    {
        _azure = sandbox.AzureUri.Host;
        using var asking = new HttpMessageInvoker(sandbox.Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, sandbox.ControlUri);
        using var answer = asking.SendAsync(request, default).GetAwaiter().GetResult();
        var description = JsonSerializer.Deserialize<SandboxDescription>(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult(), SandboxDescription.Json)!;
        Sandbox = new ChaosSandbox(description, sandbox.Clock, this);
    }

    /// <summary>The same sandbox, through here.</summary>
    public ChaosSandbox Sandbox { get; }

    /// <summary>The requests: method, path and query, without the version of the API.</summary>
    public List<string> All { get; } = [];

    /// <summary>The bodies, in the same order; empty for none.</summary>
    public List<string> Bodies { get; } = [];

    /// <summary>The hosts that something else was sent to.</summary>
    public HashSet<string> OtherHosts { get; } = [];

    /// <summary>What comes instead of the sandbox's answer; null for its own.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Instead { get; set; } = static _ => null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.Host == _azure)
        {
            All.Add($"{request.Method} {Uri.UnescapeDataString(request.RequestUri.AbsolutePath)}{Query(request.RequestUri)}");
            Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            if (Instead(request) is { } answer) return answer;
        }
        else
        {
            OtherHosts.Add(request.RequestUri.Host);
            if (request.RequestUri.Host.EndsWith($".{_azure}", StringComparison.Ordinal) && Instead(request) is { } answer) return answer;
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private static string Query(Uri uri)
    {
        var parts = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(static part => !part.StartsWith("api-version=", StringComparison.Ordinal));
        return string.Join('&', parts) is { Length: > 0 } query ? "?" + Uri.UnescapeDataString(query) : "";
    }
}
