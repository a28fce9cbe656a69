using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Kubectl;

/// <summary>
/// Somebody who works on a served sandbox: with the kubectl of this machine, or, as also where there is none, with the requests that kubectl
/// sends. What the module says of the same cluster stands beside it.
/// </summary>
internal sealed partial class ClusterUser : IAsyncDisposable, IChaosLog
{
    private const string Requests = "the requests of kubectl";
    private const string AsTable = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    private readonly SandboxServer _server;
    private readonly HttpClient _http;
    private readonly KubectlProgram? _kubectl;

    /// <param name="client">One of <see cref="Clients"/>.</param>
    /// <param name="speed">How many seconds of the sandbox pass in one.</param>
    public ClusterUser(string client, double speed = 100)
    {
        _server = SandboxServer.Start(SandboxFactory.Create("contactsapp", new SandboxOptions { Speed = speed }), "127.0.0.1:0", this);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _server.Sandbox.Uri, Timeout = TimeSpan.FromMinutes(1) };
        if (client != Requests) _kubectl = new KubectlProgram(_server.Sandbox.Uri!, "contactsapp");
        Cluster = new Composition().Connect(_server.Sandbox).Cluster;
    }

    /// <summary>The ways to work on a cluster that this machine has.</summary>
    public static TheoryData<string> Clients { get; } = KubectlProgram.Location is null ? [Requests] : [Requests, "kubectl"];

    /// <summary>The cluster as the module sees it.</summary>
    public ICluster Cluster { get; }

    /// <summary>Whether it is kubectl that works, so that what it prints can be looked at.</summary>
    public bool IsKubectl => _kubectl is not null;

    public async ValueTask DisposeAsync()
    {
        _kubectl?.Dispose();
        _http.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>Does something that succeeds.</summary>
    /// <param name="command">The command.</param>
    /// <param name="printed">A pattern for what kubectl prints.</param>
    /// <param name="requests">What it comes to as requests.</param>
    public Task DoAsync(string command, string printed, params Request[] requests) => DoAsync(command, null, printed, requests);

    /// <summary>Does something with a manifest that succeeds.</summary>
    public async Task DoAsync(string command, string? manifest, string printed, params Request[] requests)
    {
        if (_kubectl is null)
        {
            foreach (var request in requests) await SendAsync(request);
            return;
        }

        var result = await _kubectl.RunAsync(command, manifest);
        Assert.True(result.ExitCode == 0, $"kubectl {command}: {result.ExitCode}\n{result.Output}\n{result.Error}");
        Assert.Matches(new Regex(printed, RegexOptions.Multiline), result.Output);
    }

    /// <summary>Tries something that is refused.</summary>
    /// <param name="command">The command.</param>
    /// <param name="why">A pattern for what kubectl, and the last answer, say.</param>
    /// <param name="requests">What it comes to as requests.</param>
    public Task FailAsync(string command, string why, params Request[] requests) => FailAsync(command, null, why, requests);

    /// <summary>Tries something with a manifest that is refused.</summary>
    public async Task FailAsync(string command, string? manifest, string why, params Request[] requests)
    {
        if (_kubectl is null)
        {
            var text = "";
            foreach (var request in requests) text = await SendAsync(request);
            Assert.Matches(why, text.StartsWith('{') ? (string?)JsonNode.Parse(text)!["message"] : text);
            return;
        }

        var result = await _kubectl.RunAsync(command, manifest);
        Assert.True(result.ExitCode != 0, $"kubectl {command} succeeded:\n{result.Output}");
        Assert.Matches(new Regex(why, RegexOptions.Multiline), result.Output + result.Error);
    }

    /// <summary>A table: each row by the headings of its columns.</summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The path of the same list or object.</param>
    public async Task<IReadOnlyList<Dictionary<string, string>>> TableAsync(string command, string path)
    {
        if (_kubectl is not null)
        {
            var result = await _kubectl.RunAsync(command);
            Assert.True(result.ExitCode == 0, result.Error);
            return Parse(result.Output);
        }

        var table = JsonNode.Parse(await SendAsync(new Request("GET", path) { Accept = AsTable }))!;
        var columns = table["columnDefinitions"]!.AsArray().Select(column => ((string)column!["name"]!).ToUpperInvariant()).ToArray();
        return [.. table["rows"]!.AsArray().Select(row =>
        {
            var cells = columns.Zip(row!["cells"]!.AsArray(), (column, cell) => (column, $"{cell}")).ToDictionary();
            cells["NAMESPACE"] = (string?)row["object"]?["metadata"]?["namespace"] ?? "";
            return cells;
        })];
    }

    /// <summary>Watches a list, changes something as soon as the list is there, and goes on until a row says what it should.</summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The path of the same list.</param>
    /// <param name="change">What to do once the list is there.</param>
    /// <param name="wanted">A pattern for a row: its cells with spaces between them.</param>
    public async Task WatchAsync(string command, string path, Func<Task> change, string wanted)
    {
        var isChanged = false;
        if (_kubectl is not null)
        {
            await _kubectl.ReadAsync(command, IsLastAsync);
            return;
        }

        var version = (string?)(await ReadAsync(path))["metadata"]!["resourceVersion"];
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}&watch=true&resourceVersion={version}");
        request.Headers.TryAddWithoutValidation("Accept", AsTable);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await IsLastAsync("");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await IsLastAsync(string.Join(' ', JsonNode.Parse((await reader.ReadLineAsync(patience.Token))!)!["object"]!["rows"]![0]!["cells"]!.AsArray()))) { }

        async Task<bool> IsLastAsync(string line)
        {
            if (!isChanged && !line.StartsWith("NAME", StringComparison.Ordinal))
            {
                isChanged = true;
                await change();
            }

            return Regex.IsMatch(line, wanted);
        }
    }

    /// <summary>An object as it is now.</summary>
    public async Task<JsonNode> ReadAsync(string path) => JsonNode.Parse(await SendAsync(new Request("GET", path)))!;

    /// <summary>Runs a command in a container; returns its exit code, its output and what it says of errors.</summary>
    /// <param name="options">kubectl's options, such as <c>-i</c>; empty for none.</param>
    /// <param name="pod">The pod, of the namespace contactsapp.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it reads.</param>
    public async Task<KubectlProgram.Result> ExecAsync(string options, string pod, string[] command, string? input = null)
    {
        if (_kubectl is not null) return await _kubectl.RunAsync($"exec {options} {pod} -- {string.Join(' ', command.Select(static word => $"'{word}'"))}", input);
        var query = string.Concat(command.Select(static word => $"&command={Uri.EscapeDataString(word)}")) + (input is null ? "" : "&stdin=true");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        await socket.ConnectAsync(new Uri($"ws://{_server.Sandbox.Uri!.Authority}/api/v1/namespaces/contactsapp/pods/{pod}/exec?stdout=true&stderr=true{query}"), invoker, default);
        if (input is not null)
        {
            await socket.SendAsync((byte[])[0, .. Encoding.UTF8.GetBytes(input)], WebSocketMessageType.Binary, endOfMessage: true, default);
            await socket.SendAsync((byte[])[255, 0], WebSocketMessageType.Binary, endOfMessage: true, default);
        }

        var channels = Enumerable.Range(0, 4).Select(static _ => new StringBuilder()).ToArray();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } received)
            channels[buffer[0]].Append(Encoding.UTF8.GetString(buffer, 1, received.Count - 1));
        var status = JsonNode.Parse(channels[3].ToString())!;
        var code = (string?)status["details"]?["causes"]?[0]?["message"] ?? "0";
        return new KubectlProgram.Result(int.Parse(code, CultureInfo.InvariantCulture), channels[1].ToString(), channels[2].ToString());
    }

    /// <summary>Waits until an object is as it should be; the test ends when it never is.</summary>
    public async Task UntilAsync(string path, Func<JsonNode, bool> isReached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!isReached(await ReadAsync(path)))
        {
            patience.Token.ThrowIfCancellationRequested();
            await _server.Sandbox.StepAsync(TimeSpan.FromSeconds(1), patience.Token);
        }
    }

    void IChaosLog.Write(ChaosLogLevel level, string message)
    {
        if (level is ChaosLogLevel.Warning) throw new InvalidOperationException(message);
    }

    void IChaosLog.Progress(string activity, string status, int? percent, bool completed) => throw new NotSupportedException();

    private async Task<string> SendAsync(Request request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        if (request.Body is not null) message.Content = new StringContent(request.Body, Encoding.UTF8, request.Type);
        using var response = await _http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        var isExpected = request.Status is { } status ? response.StatusCode == status : response.IsSuccessStatusCode;
        Assert.True(isExpected, $"{request.Method} {request.Path}: {(int)response.StatusCode}\n{text}");
        return text;
    }

    private static List<Dictionary<string, string>> Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0) return [];
        Match[] headings = [.. Heading().Matches(lines[0]).Cast<Match>()];
        return [.. lines.Skip(1).Select(line => headings.Select((heading, index) =>
        {
            var start = Math.Min(heading.Index, line.Length);
            var end = index + 1 < headings.Length ? Math.Min(headings[index + 1].Index, line.Length) : line.Length;
            return (heading.Value, line[start..end].Trim());
        }).ToDictionary())];
    }

    [GeneratedRegex(@"\S+(?: \S+)*")]
    private static partial Regex Heading();
}

/// <summary>A request as kubectl sends it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Type">The media type of the body.</param>
internal sealed record Request(string Method, string Path, string? Body = null, string Type = "application/json")
{
    /// <summary>What it takes as an answer.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>The status that is expected; null for any success.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>A patch of an object.</summary>
    public static Request Patch(string path, string kind, string body) => new("PATCH", path, body, $"application/{kind}-patch+json");
}
