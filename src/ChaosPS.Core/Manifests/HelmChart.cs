using System.Text.RegularExpressions;

namespace ChaosPS.Manifests;

/// <summary>The folder of a Helm chart: its templates are no manifests, and what they fill in stands in its values.</summary>
internal sealed partial class HelmChart
{
    private readonly string _folder;
    private readonly Func<string, ManifestFile> _open;

    public HelmChart(string folder, Func<string, ManifestFile> open) => (_folder, _open) = (Path.GetFullPath(folder), open);

    /// <summary>A place to edit.</summary>
    /// <param name="File">The template that it was found by.</param>
    /// <param name="Text">What to edit where.</param>
    public sealed record Place(string File, string Text);

    /// <summary>The chart that a file belongs to; null when there is none.</summary>
    public static string? FolderOf(string file)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(file)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Chart.yaml"))) return folder;
        }

        return null;
    }

    /// <summary>Whether a file is the chart's.</summary>
    public bool Holds(string file) => Path.GetFullPath(file).StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Where fields of a workload would be edited; nothing where no template makes such a workload.</summary>
    /// <param name="kind">The workload's kind; null for any.</param>
    /// <param name="name">Its name. A template's is usually made up: then every template of the kind may be meant.</param>
    /// <param name="fields">The fields.</param>
    public IEnumerable<Place> Places(string? kind, string name, IReadOnlyList<ChangedField> fields)
    {
        var templates = Path.Combine(_folder, "templates");
        if (!Directory.Exists(templates)) return [];
        ManifestFile[] found =
        [
            .. Directory.EnumerateFiles(templates, "*.y*ml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(_open)
                .Where(file => Kind().Matches(file.Text).Any(match => kind is null || match.Groups[1].Value == kind)),
        ];
        if (found.Where(file => file.Text.Contains(name, StringComparison.Ordinal)).ToArray() is { Length: > 0 } named) found = named;
        return found.SelectMany(template => fields.Select(field => new Place(template.Source, PlaceOf(template, field.Name))));
    }

    /// <summary>Where a field stands in a template, or the template where it does not.</summary>
    public static string PlaceIn(ManifestFile template, string field)
    {
        var match = Regex.Match(template.Text, $@"^[ \t-]*(?:{Regex.Escape(field)}):", RegexOptions.Multiline | RegexOptions.CultureInvariant);
        return match.Success ? $"{field} in {template.Source}({Line(template.Text, match.Index)})" : $"{field} in {template.Source}";
    }

    /// <summary>Where the value stands that a template fills in for a field.</summary>
    private string PlaceOf(ManifestFile template, string field)
    {
        var line = Regex.Match(template.Text, $@"^[ \t-]*(?:{Regex.Escape(field)}):[^\n]*(?:\n[^\n]*\.Values[^\n]*)?", RegexOptions.Multiline | RegexOptions.CultureInvariant);
        var values = Path.Combine(_folder, "values.yaml");
        if (!line.Success || ValueName().Match(line.Value) is not { Success: true } name || !File.Exists(values)) return PlaceIn(template, field);
        var file = _open(values);
        return LineOf(file.Text, name.Groups[1].Value.Split('.')) is { } number ? $"{name.Groups[1].Value} in {file.Source}({number})" : $"{name.Groups[1].Value} in {file.Source}";
    }

    /// <summary>The line of a key below other keys.</summary>
    private static int? LineOf(string text, string[] path)
    {
        var lines = text.Split('\n');
        var (depth, indent) = (0, -1);
        for (var number = 0; number < lines.Length; number++)
        {
            var line = lines[number].TrimEnd('\r');
            var column = line.Length - line.TrimStart(' ').Length;
            if (column <= indent || !line.AsSpan(column).StartsWith($"{path[depth]}:", StringComparison.Ordinal)) continue;
            if (++depth == path.Length) return number + 1;
            indent = column;
        }

        return null;
    }

    private static int Line(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex(@"^kind:[ \t]*(Deployment|StatefulSet|DaemonSet)\b", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Kind();

    [GeneratedRegex(@"\.Values\.([A-Za-z0-9_.]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ValueName();
}
