using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Values from files that come before an experiment's own.</summary>
/// <param name="Configuration">By key of <c>configuration</c>.</param>
/// <param name="Secrets">By key of <c>secrets</c>.</param>
/// <param name="Environment">Environment variables of the run.</param>
public sealed record VariableFile(
    IReadOnlyDictionary<string, object?> Configuration, IReadOnlyDictionary<string, object?> Secrets, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Reads files; of equal keys the last one counts.</summary>
    /// <param name="paths">
    /// <c>.json</c>, <c>.yaml</c> and <c>.yml</c> files have <c>configuration</c>, <c>secrets</c> or both; every other file has lines <c>NAME=VALUE</c>, taken as they
    /// are, quotes with them, and comments after <c>#</c>. An empty file says nothing.
    /// </param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosException">A file cannot be read, or is none of these: ids <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>DocumentInvalid</c>, <c>VariableFileInvalid</c>.</exception>
    public static VariableFile Read(IEnumerable<string> paths, IDocumentReader documents)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(documents);
        Dictionary<string, object?> configuration = [], secrets = [];
        Dictionary<string, string> environment = [];
        foreach (var path in paths)
        {
            var text = ExperimentFile.ReadText(path);
            if (text.Length == 0) continue;
            if (Path.GetExtension(path) is ".json" or ".yaml" or ".yml") ReadDocument(text, path);
            else ReadLines(text, path);
        }

        return new VariableFile(configuration, secrets, environment);

        void ReadDocument(string text, string path)
        {
            if (documents.Read(text, path) is not DocumentMapping { Entries.Count: > 0 } document)
                throw ChaosErrors.VariableFileInvalid(path, "it is no mapping with configuration, secrets or both");
            Take(document, "configuration", configuration, path);
            Take(document, "secrets", secrets, path);
        }

        static void Take(DocumentMapping document, string key, Dictionary<string, object?> values, string path)
        {
            if (document[key] is not { } node || node is DocumentScalar { Value: null }) return;
            if (node is not DocumentMapping mapping) throw ChaosErrors.VariableFileInvalid(path, $"line {node.Line}: '{key}' is no mapping");
            foreach (var (name, value) in DocumentValues.ToMap(mapping)) values[name] = value;
        }

        void ReadLines(string text, string path)
        {
            foreach (var (number, line) in text.Split('\n').Index())
            {
                var entry = line.TrimEnd('\r').Trim();
                if (entry.Length == 0 || entry[0] == '#') continue;
                var equals = entry.IndexOf('=', StringComparison.Ordinal);
                if (equals < 1) throw ChaosErrors.VariableFileInvalid(path, $"line {number + 1} is no NAME=VALUE");
                environment[entry[..equals]] = entry[(equals + 1)..];
            }
        }
    }
}
