using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Providers.Kubernetes.Failures;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>Takes in the stream of a watch, an event a line, until the server ends it.</summary>
/// <param name="longest">How long the stream may last.</param>
/// <param name="tell">Gets each event: its type in the API's words, and the object.</param>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes .</remarks>
internal sealed class WatchBody(TimeSpan longest, Func<string, JsonElement, CancellationToken, ValueTask> tell) : StreamedBody
{
    /// <summary>An object of the API has 1.5 MB at most in etcd; as JSON it may have several times that.</summary>
    private const int LongestLine = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public override TimeSpan? Longest => longest;

    /// <summary>Why the server has ended the stream, and the status code; null when it has not said why.</summary>
    public (int Code, ApiStatus Status)? Refusal { get; private set; }

    /// <inheritdoc/>
    public override async Task ReadAsync(string? mediaType, Stream body, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true));
        while (Refusal is null)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (Refusal is null && rest.PositionOf((byte)'\n') is { } end)
            {
                await ReadLineAsync(rest.Slice(0, end), cancellationToken);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > LongestLine) throw new InvalidDataException("an event is larger than any object can be");
            if (read.IsCompleted) break; // an event without its end is one of a connection that broke: it comes again
            reader.AdvanceTo(rest.Start, rest.End);
        }

        await reader.CompleteAsync();
    }

    private async ValueTask ReadLineAsync(ReadOnlySequence<byte> line, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(line);
        var change = new ApiFields(document.RootElement);
        if (change.Text("type") is not { } type || change.At("object") is null) throw new InvalidDataException("an event has no type or no object");
        var item = document.RootElement.GetProperty("object");
        if (type == "ERROR") Refusal = (new ApiFields(item).Count("code"), ApiStatus.Read(item.GetRawText(), phrase: null));
        else await tell(type, item, cancellationToken);
    }
}
