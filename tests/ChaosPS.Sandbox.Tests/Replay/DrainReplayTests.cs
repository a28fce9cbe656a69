using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation.Replay;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Safety;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Replay;

/// <summary>The drain that kubectl was recorded making on a real cluster, made by the module on the same cluster in the sandbox.</summary>
public sealed partial class DrainReplayTests : IDisposable
{
    private const string Node = RecordedCluster.Node1;

    /// <summary>What the two do otherwise, and why. Everything else is the same.</summary>
    private static readonly Dictionary<string, string> s_known = new()
    {
        ["order of the first round"] = "kubectl asks for all pods at once, in no order; the module asks for one after the other, by name, so that a log tells the same each time.",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_drain_makes_the_recorded_calls_in_their_order_and_gets_the_recorded_answers()
    {
        var recorded = Recorded(await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Recordings", "timelines", "31-drain.txt")));
        var ours = await DrainAsync(TimeSpan.FromSeconds(40));

        Assert.Equal(recorded.Keys, ours.Keys);
        Assert.Equal(s_known.Keys, recorded.Keys.Where(aspect => recorded[aspect] != ours[aspect]));
        Assert.Equal("searchapi", Regex.Match(ours["left over"], @"^[a-z]+").Value); // and it is the recording that was read
        Assert.Equal("8 times, every 5 s", ours["refused"]);
    }

    /// <summary>What kubectl said that it did.</summary>
    private static OrderedDictionary<string, string> Recorded(string[] lines)
    {
        var text = string.Join('\n', lines);
        string[] asked = [.. Evicting().Matches(text).Select(static match => match.Groups[1].Value)];
        string[] refused = [.. Refused().Matches(text).Select(static match => match.Groups[1].Value)];
        var first = asked.Distinct().ToArray();
        return Describe(
            [text.StartsWith($"node/{Node} cordoned", StringComparison.Ordinal) ? "cordon" : "", .. first.Select(static _ => "evict")],
            first, first.Except(refused), refused.Length, int.Parse(Refused().Match(text).Groups[2].Value, CultureInfo.InvariantCulture),
            Refused().Match(text).Groups[3].Value, string.Join(' ', refused.Distinct()), text.Contains("global timeout reached: 40s", StringComparison.Ordinal) ? 40 : 0,
            text.Contains("Ready,SchedulingDisabled", StringComparison.Ordinal));
    }

    /// <summary>What the module does: by the calls that the API server sees.</summary>
    private async Task<OrderedDictionary<string, string>> DrainAsync(TimeSpan timeout)
    {
        var recording = Recordings.Drain;
        var options = recording.MakeOptions();
        var settings = SimulationSettings.Names.Select(name => KeyValuePair.Create(name, SimulationSettings.Text(options, name))).Where(static setting => setting.Value.Length > 0);
        var inner = SandboxFactory.Create(
            RecordedSnapshot.Take(recording), new Dictionary<string, string>(), new SandboxOptions { Seed = recording.Seed, Simulation = settings.ToDictionary() });
        using var seen = new SeenCalls(inner);
        var connection = new Composition().Connect(seen.Sandbox);
        var error = await connection.Time.RunAsync(async () =>
        {
            await connection.Time.DelayAsync(TimelineReader.Time("11:41:48.853Z") - connection.Time.GetUtcNow(), default);
            using var recovery = await RecoveryLog.CreateAsync(_folder.FullName, "test", connection, default);
            var gate = await BlastGate.OpenAsync(connection, [], new RunStore(_folder.FullName), default);
            var drainer = new NodeDrainer(connection, new ChangeSet(connection, recovery, NullLog.Instance), gate, NullLog.Instance, held: true);
            var node = await connection.Cluster.GetNodeAsync(Node, default);
            return await Assert.ThrowsAsync<ChaosException>(
                () => drainer.DrainAsync(node!, new DrainOptions { IgnoreDaemonSet = true, DeleteEmptyDirData = true, Timeout = timeout }, default));
        });

        var ended = connection.Time.GetUtcNow();
        var evictions = seen.Calls.Where(static call => call.What == "evict").ToArray();
        var refused = evictions.Where(static call => call.Status == HttpStatusCode.TooManyRequests).ToArray();
        var gaps = refused.Zip(refused.Skip(1), static (call, next) => (int)Math.Round((next.At - call.At).TotalSeconds)).Distinct().ToArray();
        var pods = await connection.Time.RunAsync(() => connection.Cluster.GetPodsOnNodeAsync(Node, default));
        var now = await connection.Time.RunAsync(() => connection.Cluster.GetNodeAsync(Node, default));
        Assert.Equal("DrainTimeout", error.ErrorId);
        return Describe(
            seen.Calls.DistinctBy(static call => (call.What, call.Name)).Select(static call => call.What),
            evictions.Select(static call => call.Name).Distinct(),
            evictions.Where(static call => call.Status == HttpStatusCode.Created).Select(static call => call.Name),
            refused.Length, Assert.Single(gaps), refused[0].Message,
            string.Join(' ', pods.Where(static pod => pod.OwnerKind != "DaemonSet").Select(static pod => pod.Name)),
            (int)(ended - seen.Calls[0].At).TotalSeconds, now!.Unschedulable);
    }

    private static OrderedDictionary<string, string> Describe(
        IEnumerable<string> calls, IEnumerable<string> first, IEnumerable<string> taken, int refusals, int pause, string why, string left, int seconds, bool isCordoned)
    {
        string[] pods = [.. first];
        return new()
        {
            ["calls"] = string.Join(' ', calls),
            ["pods that are asked for"] = string.Join(' ', pods.Order(StringComparer.Ordinal)),
            ["order of the first round"] = string.Join(' ', pods),
            ["taken at once"] = string.Join(' ', taken.Order(StringComparer.Ordinal)),
            ["refused"] = $"{refusals} times, every {pause} s",
            ["why"] = why,
            ["left over"] = left,
            ["given up"] = $"after {seconds} s",
            ["the node then"] = isCordoned ? "is cordoned" : "is open",
        };
    }

    [GeneratedRegex(@"^evicting pod contactsapp/(\S+)", RegexOptions.Multiline)]
    private static partial Regex Evicting();

    [GeneratedRegex(@"^error when evicting pods/""(\S+)"" -n ""contactsapp"" \(will retry after (\d+)s\): (.+)$", RegexOptions.Multiline)]
    private static partial Regex Refused();

    private sealed record SeenCall(DateTimeOffset At, string What, string Name, HttpStatusCode Status, string Message);

    /// <summary>Notes what changes something, with its answer.</summary>
    private sealed class SeenCalls : DelegatingHandler
    {
        public SeenCalls(ChaosSandbox sandbox)
            : base(sandbox.Handler)
        {
            using var asking = new HttpMessageInvoker(sandbox.Handler, disposeHandler: false);
            using var request = new HttpRequestMessage(HttpMethod.Get, sandbox.ControlUri);
            using var answer = asking.SendAsync(request, default).GetAwaiter().GetResult();
            var description = JsonSerializer.Deserialize<SandboxDescription>(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult(), SandboxDescription.Json)!;
            Sandbox = new ChaosSandbox(description, sandbox.Clock, this);
        }

        /// <summary>The same sandbox, through here.</summary>
        public ChaosSandbox Sandbox { get; }

        public List<SeenCall> Calls { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Get || request.RequestUri!.Host != Sandbox.KubernetesUri.Host) return response;
            var segments = request.RequestUri.AbsolutePath.Split('/');
            var (what, name) = segments[^1] == "eviction" ? ("evict", segments[^2]) : (segments[^2] == "nodes" ? "cordon" : request.RequestUri.AbsolutePath, segments[^1]);
            var message = response.IsSuccessStatusCode
                ? ""
                : (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!["message"] ?? "";
            Calls.Add(new SeenCall(Sandbox.Clock.GetUtcNow(), what, name, response.StatusCode, message));
            return response;
        }
    }
}
