using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Processes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>GET of the subresource <c>log</c> of a pod: what one of its containers has written.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.32/#read-log-pod-v1-core .</remarks>
internal sealed class LogRequest
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly SandboxCluster _cluster;
    private readonly ContainerTarget _target;
    private readonly bool _isPrevious;
    private readonly bool _withTimes;
    private readonly DateTimeOffset _since;
    private readonly int? _tail;
    private readonly int? _limit;

    private LogRequest(FaceRequest request, ContainerTarget target, SandboxCluster cluster, DateTimeOffset now)
    {
        _cluster = cluster;
        _target = target;
        _isPrevious = request.IsSet("previous");
        _withTimes = request.IsSet("timestamps");
        _tail = (int?)ContainerTarget.Number(request, "tailLines", 0);
        _limit = (int?)ContainerTarget.Number(request, "limitBytes", 1);
        _since = ContainerTarget.Number(request, "sinceSeconds", 1) is { } seconds ? now - TimeSpan.FromSeconds(seconds)
            : request.Query("sinceTime") is not { } time ? DateTimeOffset.MinValue
            : DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var since) ? since
            : throw StatusException.BadRequest($"PodLogOptions is invalid: sinceTime: Invalid value: \"{time}\": must be a time of RFC 3339");
    }

    /// <summary>The log, and with <c>follow</c> what comes to it until the container ends.</summary>
    /// <exception cref="StatusException">There is no such container, or it has no log yet.</exception>
    public static FaceResponse Answer(FaceRequest request, ResourcePath path, ObjectStore store, SandboxCluster cluster)
    {
        var target = ContainerTarget.Find(request, path, store);
        if (target.Pod.NodeName is null) return Text([]);
        if (target.Unreachable(store, "containerLogs") is { } refusal) return refusal;
        var log = new LogRequest(request, target, cluster, store.Simulation.Now);
        var run = log.Run() ?? throw StatusException.BadRequest(log._isPrevious
            ? $"previous terminated container \"{target.Name}\" in pod \"{target.Pod.Name}\" not found"
            : $"container \"{target.Name}\" in pod \"{target.Pod.Name}\" is waiting to start: {target.Status?.Reason ?? "ContainerCreating"}");
        var lines = log.Wanted(run.Lines(log._since));
        return request.IsSet("follow") && run.FinishedAt is null
            ? FaceResponse.Stream(HttpStatusCode.OK, "text/plain", log.FollowAsync(run, lines))
            : Text(log.Bytes(lines));
    }

    private static FaceResponse Text(byte[] bytes) => FaceResponse.Bytes(HttpStatusCode.OK, bytes, "text/plain");

    private ContainerRun? Run() => ContainerRun.Of(_target.Pod, _target.Name, _isPrevious);

    private IReadOnlyList<LogLine> Wanted(IReadOnlyList<LogLine> lines) => _tail is { } tail ? [.. lines.TakeLast(tail)] : lines;

    private byte[] Bytes(IReadOnlyList<LogLine> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines) text.Append(Written(line));
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return _limit < bytes.Length ? bytes[.._limit.Value] : bytes;
    }

    private string Written(LogLine line) => _withTimes
        ? string.Create(CultureInfo.InvariantCulture, $"{line.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff}00Z {line.Text}\n")
        : $"{line.Text}\n";

    private async IAsyncEnumerable<byte[]> FollowAsync(
        ContainerRun run, IReadOnlyList<LogLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var written = run.Lines(_since).Count;
        while (true)
        {
            if (lines.Count > 0) yield return Bytes(lines);
            if (run.FinishedAt is not null) yield break;
            await _cluster.Time.DelayAsync(s_interval, cancellationToken);
            var (next, all) = _cluster.Look(_ =>
            {
                var found = _target.Pod.IsGone ? null : ContainerRun.At(_target.Pod, _target.Name, run.StartedAt);
                return (found, found?.Lines(_since) ?? []);
            });
            if (next is null) yield break;
            run = next;
            lines = [.. all.Skip(written)];
            written = Math.Max(written, all.Count);
        }
    }
}
