using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>Reads policies: files named <c>chaosps.policy.yaml</c>, and the annotation of a cluster.</summary>
public static class BlastPolicyReader
{
    /// <summary>The name of a policy file.</summary>
    public const string FileName = "chaosps.policy.yaml";

    /// <summary>The annotation of the namespace <c>kube-system</c> that holds a cluster's own policy.</summary>
    public const string Annotation = "chaosps.dev/policy";

    /// <summary>The label or annotation that protects a node or a namespace when it is <c>true</c>.</summary>
    public const string Protected = "chaosps.dev/protected";

    private static readonly string[] s_keys =
    [
        "maxNodesDown", "maxPoolPercent", "maxZonePercent", "lastReadyReplica", "protectedNodes", "protectedNamespaces", "maintenanceWindows",
        "stopFile", "stopConfigMap",
    ];

    private static readonly string[] s_windowKeys = ["days", "from", "to", "timeZone"];

    /// <summary>The policy file that is nearest upward from a directory; null when there is none.</summary>
    public static string? Find(string directory)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(directory)); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, FileName);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    /// <summary>The policies of the files upward from a directory: the nearest one, or none.</summary>
    /// <exception cref="ChaosException">It cannot be read (id <c>PolicyUnreadable</c>) or is no policy (<c>PolicyInvalid</c>).</exception>
    public static IReadOnlyList<BlastPolicy> ReadUpwardFrom(string directory, IDocumentReader documents)
    {
        if (Find(directory) is not { } path) return [];
        try
        {
            return [Read(File.ReadAllText(path), path, documents, Path.GetDirectoryName(path))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.PolicyUnreadable(path, exception);
        }
    }

    /// <summary>Reads a policy.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="source">Where it comes from, for messages and refusals.</param>
    /// <param name="documents">Reads the text.</param>
    /// <param name="folder">What a relative <c>stopFile</c> is below; null where a policy lies in no folder.</param>
    /// <exception cref="ChaosException">It is no policy: id <c>PolicyInvalid</c>, with every problem and its place. Nothing is guessed: a rule that cannot be read must not be missing.</exception>
    public static BlastPolicy Read(string text, string source, IDocumentReader documents, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var problems = new List<string>();
        if (documents.Read(text, source) is not DocumentMapping root)
        {
            throw ChaosErrors.PolicyInvalid(source, [$"It must be a mapping of the keys {string.Join(", ", s_keys)}."]);
        }

        CheckKeys(root, s_keys, problems);
        var policy = new BlastPolicy
        {
            Source = source,
            MaxNodesDown = Number(root, "maxNodesDown", int.MaxValue, problems),
            MaxPoolPercent = Number(root, "maxPoolPercent", 100, problems),
            MaxZonePercent = Number(root, "maxZonePercent", 100, problems),
            LastReadyReplica = Level(root["lastReadyReplica"], problems),
            ProtectedNodes = [.. Texts(root, "protectedNodes", problems).Select(item => Selector(item.Text, item.At, problems)).OfType<LabelSelector>()],
            ProtectedNamespaces = [.. Texts(root, "protectedNamespaces", problems).Select(static item => item.Text)],
            MaintenanceWindows = Windows(root["maintenanceWindows"], problems),
            StopFile = StopFile(root["stopFile"], folder, problems),
            StopConfigMap = Single(root["stopConfigMap"], "stopConfigMap", problems),
        };
        if (policy.StopConfigMap is { } map && map.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            problems.Add($"{Place(root["stopConfigMap"]!)}: stopConfigMap must be namespace/name, not '{map}'.");
        return problems.Count == 0 ? policy : throw ChaosErrors.PolicyInvalid(source, problems);
    }

    private static void CheckKeys(DocumentMapping mapping, string[] known, List<string> problems)
    {
        foreach (var (key, _) in mapping.Entries)
        {
            if (key.Value is string name && known.Contains(name)) continue;
            var suggestion = NearestNames.Suggest($"{key.Value}", known) ?? $"There are {string.Join(", ", known)}.";
            problems.Add($"{Place(key)}: there is no rule '{key.Value}'. {suggestion}");
        }
    }

    private static int? Number(DocumentMapping root, string name, int most, List<string> problems)
    {
        if (root[name] is not { } node) return null;
        if (node is DocumentScalar { Value: long value } && value >= 1 && value <= most) return (int)value;
        problems.Add($"{Place(node)}: {name} must be a whole number {(most == int.MaxValue ? "of at least 1" : $"from 1 to {most}")}.");
        return null;
    }

    private static RuleLevel? Level(DocumentNode? node, List<string> problems)
    {
        if (node is null) return null;
        if (node is DocumentScalar { Value: string text } && Enum.TryParse<RuleLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level)) return level;
        problems.Add($"{Place(node)}: lastReadyReplica must be warn or refuse.");
        return null;
    }

    private static LabelSelector? Selector(string text, DocumentNode at, List<string> problems)
    {
        try
        {
            var selector = LabelSelector.Parse(text);
            if (selector.Requirements.Count > 0) return selector;
            problems.Add($"{Place(at)}: an empty selector would protect every node.");
        }
        catch (ChaosException exception)
        {
            problems.Add($"{Place(at)}: {exception.Message}");
        }

        return null;
    }

    private static IReadOnlyList<(string Text, DocumentNode At)> Texts(DocumentMapping root, string name, List<string> problems)
    {
        if (root[name] is not { } node) return [];
        if (node is DocumentScalar { Value: string single }) return [(single, node)];
        if (node is not DocumentSequence sequence || !sequence.Items.All(static item => item is DocumentScalar { Value: string }))
        {
            problems.Add($"{Place(node)}: {name} must be a list of texts.");
            return [];
        }

        return [.. sequence.Items.Cast<DocumentScalar>().Select(static item => ((string)item.Value!, (DocumentNode)item))];
    }

    private static string? Single(DocumentNode? node, string name, List<string> problems)
    {
        if (node is null) return null;
        if (node is DocumentScalar { Value: string { Length: > 0 } text }) return text;
        problems.Add($"{Place(node)}: {name} must be a text.");
        return null;
    }

    /// <summary>A whole path: what a relative one means must not depend on where a process happens to stand.</summary>
    private static string? StopFile(DocumentNode? node, string? folder, List<string> problems)
    {
        if (Single(node, "stopFile", problems) is not { } path) return null;
        if (Path.IsPathRooted(path)) return path;
        if (folder is not null) return Path.GetFullPath(Path.Combine(folder, path));
        problems.Add($"{Place(node!)}: stopFile must be a whole path here, not '{path}': no folder is meant.");
        return null;
    }

    private static IReadOnlyList<MaintenanceWindow> Windows(DocumentNode? node, List<string> problems)
    {
        if (node is null) return [];
        if (node is not DocumentSequence { Items.Count: > 0 } sequence)
        {
            problems.Add($"{Place(node)}: maintenanceWindows must be a list of at least one window, each with from, to, timeZone and, if not every day, days.");
            return [];
        }

        return [.. sequence.Items.Select(item => Window(item, problems)).OfType<MaintenanceWindow>()];
    }

    private static MaintenanceWindow? Window(DocumentNode node, List<string> problems)
    {
        if (node is not DocumentMapping window)
        {
            problems.Add($"{Place(node)}: a window must have from, to, timeZone and, if not every day, days.");
            return null;
        }

        CheckKeys(window, s_windowKeys, problems);
        var days = new List<DayOfWeek>();
        if (window["days"] is DocumentSequence { Items.Count: 0 } none) problems.Add($"{Place(none)}: a window without days is never open; leave days out for every day.");
        foreach (var (text, at) in Texts(window, "days", problems))
        {
            DayOfWeek[] meant = [.. Enum.GetValues<DayOfWeek>().Where(day => text.Length >= 3 && $"{day}".StartsWith(text, StringComparison.OrdinalIgnoreCase))];
            days.AddRange(meant);
            if (meant.Length == 0) problems.Add($"{Place(at)}: '{text}' is no day of the week: Mon, Tue, Wed, Thu, Fri, Sat, Sun.");
        }

        var from = Clock(window, "from", problems);
        var to = Clock(window, "to", problems);
        var zone = Zone(window, problems);
        return from is { } begin && to is { } end && zone is not null ? new MaintenanceWindow(days, begin, end, zone) : null;
    }

    /// <summary>
    /// A time of day. YAML 1.1 reads 09:30 without quotes as the number 570, in base 60; a number below 60 is more likely an hour than a minute after midnight.
    /// </summary>
    private static TimeOnly? Clock(DocumentMapping window, string name, List<string> problems)
    {
        var node = window[name];
        if (node is DocumentScalar { Value: long minutes } && minutes is >= 60 and < 24 * 60) return new TimeOnly((int)minutes / 60, (int)minutes % 60);
        if (node is DocumentScalar { Value: string text }
            && TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        problems.Add($"{Place(node ?? window)}: a window needs {name}, a time such as \"09:30\".");
        return null;
    }

    private static TimeZoneInfo? Zone(DocumentMapping window, List<string> problems)
    {
        if (window["timeZone"] is DocumentScalar { Value: string name } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        problems.Add($"{Place(window["timeZone"] ?? window)}: a window needs a timeZone that this machine knows, such as UTC or Europe/Amsterdam.");
        return null;
    }

    private static string Place(DocumentNode node) => $"line {node.Line}, column {node.Column}";
}
