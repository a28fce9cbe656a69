using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Snapshots;

/// <summary>Writes and reads snapshot files: a Kubernetes <c>List</c> as JSON with one object a line, in gzip when the name ends in <c>.gz</c>.</summary>
/// <remarks>
/// One document gives the same bytes on every machine: names in order, no time and no system in the gzip header. What the list is of stands in
/// its member <c>chaosps</c>.
/// </remarks>
public static class SnapshotFile
{
    private const string HeaderName = "chaosps";
    private const int Format = 1;

    /// <summary>Where gzip's header says on which system it was made; 255 is "unknown".</summary>
    private const int GzipSystemOffset = 9;

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a file of that name is written compressed.</summary>
    public static bool IsCompressed(string path) => path is not null && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The bytes of a snapshot file.</summary>
    /// <param name="document">The snapshot.</param>
    /// <param name="compressed">Whether in gzip.</param>
    public static byte[] Write(SnapshotDocument document, bool compressed)
    {
        ArgumentNullException.ThrowIfNull(document);
        using var bytes = new MemoryStream();
        using (var stream = compressed ? new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true) : (Stream)bytes)
        using (var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: !compressed) { NewLine = "\n" })
        {
            text.WriteLine($$"""{"apiVersion":"v1","kind":"List","metadata":{},"{{HeaderName}}":{{Header(document).ToJsonString(s_json)}},"items":[""");
            for (var i = 0; i < document.Objects.Count; i++)
            {
                text.Write(document.Objects[i].ToJsonString(s_json));
                text.WriteLine(i < document.Objects.Count - 1 ? "," : "");
            }

            text.WriteLine("]}");
        }

        var result = bytes.ToArray();
        if (compressed) result[GzipSystemOffset] = 255;
        return result;
    }

    /// <summary>Writes a snapshot to a file: all of it, or nothing.</summary>
    /// <exception cref="ChaosException">The file cannot be written: id <c>SnapshotUnwritable</c>.</exception>
    public static void Save(SnapshotDocument document, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var bytes = Write(document, IsCompressed(path));
        var part = $"{path}.{Environment.ProcessId}.part";
        try
        {
            File.WriteAllBytes(part, bytes);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw ChaosErrors.SnapshotUnwritable(path, exception);
        }
    }

    /// <summary>Reads a snapshot from a file.</summary>
    /// <returns>Null when the file is JSON, but no snapshot.</returns>
    /// <exception cref="ChaosException">The file cannot be read (id <c>FileUnreadable</c>), or is no valid snapshot (id <c>SnapshotInvalid</c>).</exception>
    public static SnapshotDocument? Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = File.OpenRead(path);
            using var stream = IsCompressed(path) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            using var json = JsonDocument.Parse(stream);
            return Read(json.RootElement, path);
        }
        catch (InvalidDataException exception)
        {
            throw ChaosErrors.SnapshotInvalid(path, "it is not compressed with gzip, though its name says so", exception);
        }
        catch (JsonException exception) when (IsCompressed(path))
        {
            throw ChaosErrors.SnapshotInvalid(path, "what is in it is not JSON", exception);
        }
        catch (JsonException)
        {
            return null; // whoever reads manifests says where the mistake is
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnreadable(path, exception);
        }
    }

    private static JsonObject Header(SnapshotDocument document) => new()
    {
        ["format"] = Format,
        ["takenAt"] = document.TakenAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["version"] = document.Version,
        ["cluster"] = new JsonObject { ["name"] = document.Cluster.Name, ["server"] = document.Cluster.Server, ["id"] = document.Cluster.Id },
        ["madeBy"] = document.MadeBy,
        ["missing"] = new JsonArray([.. document.Missing.Select(static item => (JsonNode)item)]),
    };

    private static SnapshotDocument? Read(JsonElement root, string path)
    {
        if (root.At(HeaderName) is not { } header)
            return IsCompressed(path) ? throw ChaosErrors.SnapshotInvalid(path, $"it has no member '{HeaderName}'") : null;
        var format = header.Number("format");
        if (format != Format) throw ChaosErrors.SnapshotInvalid(path, $"its format is {format?.ToString(CultureInfo.InvariantCulture) ?? "missing"}, and this version reads {Format}");
        var objects = new List<JsonObject>();
        foreach (var item in root.Items("items"))
        {
            if (item.Text("kind") is null || item.Text("metadata", "name") is null) throw ChaosErrors.SnapshotInvalid(path, $"object {objects.Count + 1} has no kind or no name");
            objects.Add(JsonObject.Create(item.Clone())!);
        }

        return new SnapshotDocument
        {
            TakenAt = header.Time("takenAt") ?? throw ChaosErrors.SnapshotInvalid(path, "it does not say when it was taken"),
            Version = header.Text("version") ?? "",
            Cluster = new ClusterIdentity(
                header.Text("cluster", "name") ?? "", header.Text("cluster", "server") ?? "", header.Text("cluster", "id") ?? ""),
            MadeBy = header.Text("madeBy") ?? "",
            Missing = header.Texts("missing"),
            Objects = objects,
        };
    }
}
