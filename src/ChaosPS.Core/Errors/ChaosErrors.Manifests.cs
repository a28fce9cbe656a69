namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A field of a manifest cannot be changed where it stands.</summary>
    public static ChaosException ManifestEditImpossible(string source, int line, int column, string why) => new(
        "ManifestEditImpossible", ErrorKind.Refused,
        $"{source}({line},{column}): {why}. Nothing was changed.",
        "Make this change by hand, or write the field out where it is to differ.", source);

    /// <summary>No manifest describes a workload.</summary>
    public static ChaosException ManifestNotFound(string name, string? kind, string? @namespace, string source, IEnumerable<string> known)
    {
        string[] all = [.. known.Distinct(StringComparer.Ordinal)];
        return new(
            "ManifestNotFound", ErrorKind.NotFound,
            $"No manifest in {source} describes {kind ?? "a workload"} '{name}'{(@namespace is null ? "" : $" of the namespace '{@namespace}'")}.",
            NearestNames.Suggest(name, all) ?? (all.Length == 0 ? "There is no Deployment, StatefulSet or DaemonSet in it: name the folder that the manifests are in." : $"It describes: {string.Join(", ", all)}."),
            name);
    }

    /// <summary>Several manifests describe a workload.</summary>
    public static ChaosException ManifestAmbiguous(string name, IEnumerable<string> places) => new(
        "ManifestAmbiguous", ErrorKind.InvalidArgument,
        $"'{name}' is described more than once: {string.Join("; ", places)}.",
        "Name one file with -Path, or the namespace with -Namespace.", name);

    /// <summary>A tool makes the manifest of a workload of other files.</summary>
    public static ChaosException ManifestGenerated(string name, string tool, string source, IEnumerable<string> places) => new(
        "ManifestGenerated", ErrorKind.Refused,
        $"What is applied of '{name}' is made by {(tool == "a template" ? tool : $"{tool} of {source}")}: a change in a file of it could be lost, or reach further. Nothing was changed.",
        $"Edit {string.Join("; ", places)}.", source);

    /// <summary>A manifest cannot be written.</summary>
    public static ChaosException ManifestUnwritable(string source, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new("ManifestUnwritable", ErrorKind.PermissionDenied, $"'{source}' cannot be written: {inner.Message}", "Check that you may write the file and its folder. It is as it was.", source, inner);
    }

    /// <summary>A manifest was written by somebody else meanwhile.</summary>
    public static ChaosException ManifestChanged(string source) => new(
        "ManifestChanged", ErrorKind.Conflict, $"'{source}' was changed by somebody else while it was worked on. It is as they left it.", "Do it again.", source);

    /// <summary>A workload is no longer as it was when a fix was proved for it.</summary>
    public static ChaosException FixOutdated(Resilience.ResilienceFix fix, string why)
    {
        ArgumentNullException.ThrowIfNull(fix);
        return new(
            "FixOutdated", ErrorKind.Conflict,
            $"{fix} has been changed since the fix was found: {why}. What was proved may not hold of it.",
            "Find the fix again with Get-ResilienceFix, or apply it all the same with -Force.", fix.ToString());
    }
}
