namespace ChaosPS.Experiments.Python;

/// <summary>What is at a path.</summary>
internal enum Presence
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>What was there, or elsewhere, before the run.</summary>
    Original,

    /// <summary>What the run itself makes.</summary>
    Made,
}

/// <summary>What will be at a path when the activities before one have been carried out.</summary>
/// <param name="earlier">What these were resolved to, in order.</param>
internal sealed class FileForecast(IEnumerable<ActivityTarget> earlier)
{
    private readonly FileTarget[] _earlier = [.. earlier.OfType<FileTarget>()];

    /// <summary>What will be there: the changes are gone through backward, up to what is there now.</summary>
    public Presence Of(string path)
    {
        for (var i = _earlier.Length - 1; i >= 0; i--)
        {
            var (from, to) = (_earlier[i].Path, _earlier[i].Destination);
            if (to is not null && Under(to, path) is { } rest) path = from + rest; // it comes from there
            else if (Under(from, path) is not null) return _earlier[i].Verb == "create" ? Presence.Made : Presence.Absent;
        }

        return FileChange.IsThere(path) ? Presence.Original : Presence.Absent;
    }

    /// <summary>What follows a directory's path in another; empty for itself, null when it is elsewhere.</summary>
    private static string? Under(string folder, string path)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!path.StartsWith(folder, comparison)) return null;
        var rest = path[folder.Length..];
        return rest.Length == 0 || rest[0] == Path.DirectorySeparatorChar ? rest : null;
    }
}
