using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>
/// Serves generated clusters on loopback, each below its number of pods (<c>/1500/api/v1/pods</c>), in whichever form a client wishes first. Next to
/// nothing is done for a request but to copy the bytes, so that what is measured is the client.
/// </summary>
internal sealed class ClusterServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ClusterServer() => _listener.Start();

    public Uri Uri => new($"http://{_listener.LocalEndpoint}/");

    public void Dispose() => _listener.Dispose();

    /// <summary>Serves until the process ends.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private static async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            await using var stream = new BufferedStream(client.GetStream(), 256 * 1024);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            try
            {
                while (await reader.ReadLineAsync() is { Length: > 0 } request)
                {
                    var accept = "";
                    while (await reader.ReadLineAsync() is { Length: > 0 } header)
                    {
                        if (header.StartsWith("Accept:", StringComparison.OrdinalIgnoreCase)) accept += header["Accept:".Length..];
                    }

                    await AnswerAsync(stream, new Uri(new Uri("http://host"), request.Split(' ')[1]), accept);
                    await stream.FlushAsync();
                }
            }
            catch (IOException)
            {
                // The client has gone.
            }
        }
    }

    private static async Task AnswerAsync(Stream stream, Uri uri, string accept)
    {
        var form = accept.Contains(Forms.Protobuf, StringComparison.Ordinal) ? Forms.Protobuf
            : accept.Contains("as=Table", StringComparison.Ordinal) ? Forms.Table : Forms.Json;
        var path = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var served = ServedCluster.Parse(path[0]);
        if (served.Delay > TimeSpan.Zero)
        {
            using var delay = new PeriodicTimer(served.Delay);
            await delay.WaitForNextTickAsync();
        }

        IEnumerable<ReadOnlyMemory<byte>>? parts = path switch
        {
            [_, "api"] => [Text("""{"kind":"APIVersions","versions":["v1"]}""")],
            [_, "apis"] => [Text("""{"kind":"APIGroupList","apiVersion":"v1","groups":[]}""")],
            [_, "api", "v1"] => [Text("""{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["list"],"shortNames":["po"]}]}""")],
            [_, "api", "v1", "namespaces", "kube-system"] => [Text("""{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""")],
            [_, "api" or "apis", .., var resource] => new GeneratedCluster(served.Pods)
                .Page(resource, form, Query(uri, "continue") ?? 0, served.Page ?? Query(uri, "limit") ?? int.MaxValue),
            _ => null,
        };
        var type = path.Length > 3 && path[^1] != "kube-system" ? form : Forms.Json;
        await stream.WriteAsync(Text($"HTTP/1.1 {(parts is null ? "404 Not Found" : "200 OK")}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        foreach (var part in parts ?? [Text("{}")])
        {
            await stream.WriteAsync(Text(part.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            await stream.WriteAsync(part);
            await stream.WriteAsync("\r\n"u8.ToArray());
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
    }

    private static int? Query(Uri uri, string name)
    {
        foreach (var pair in uri.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith(name + "=", StringComparison.Ordinal)) return int.Parse(pair[(name.Length + 1)..], CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.ASCII.GetBytes(text);
}
