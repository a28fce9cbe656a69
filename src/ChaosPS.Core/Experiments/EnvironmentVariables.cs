using System.Collections;
using ChaosPS.Azure;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>The environment that an experiment works in: its variables, the connection's own first, then the process's; and its directory.</summary>
public sealed class EnvironmentVariables
{
    private readonly IReadOnlyDictionary<string, string> _overlay;
    private readonly string _overlayName;
    private readonly IReadOnlyDictionary<string, string> _process;

    /// <summary>Creates an environment.</summary>
    /// <param name="overlay">Variables that come first.</param>
    /// <param name="overlayName">Where they come from, for messages and the journal, such as <c>sandbox contactsapp</c>.</param>
    /// <param name="process">The process's variables.</param>
    public EnvironmentVariables(
        IReadOnlyDictionary<string, string> overlay, string overlayName, IReadOnlyDictionary<string, string> process)
    {
        _overlay = overlay;
        _overlayName = overlayName;
        _process = process;
    }

    /// <summary>The environment of runs on a connection; without one, the process's.</summary>
    /// <param name="connection">The connection; null means none.</param>
    /// <param name="files">What files of variables add, which comes first; null means nothing.</param>
    /// <param name="workingDirectory">The directory that paths begin in which are not whole; null means that of the process.</param>
    public static EnvironmentVariables For(
        ChaosConnection? connection, IReadOnlyDictionary<string, string>? files = null, string? workingDirectory = null)
    {
        var process = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            process[(string)entry.Key] = (string?)entry.Value ?? "";
        var added = files ?? new Dictionary<string, string>();
        foreach (var (name, value) in added) process[name] = value;
        var folder = workingDirectory ?? Environment.CurrentDirectory;
        if (connection is null) return new EnvironmentVariables(new Dictionary<string, string>(), "", process) { Added = added, WorkingDirectory = folder };
        var kind = connection.Kind == ConnectionKind.Sandbox ? "sandbox" : "cluster";
        var own = connection.Environment.Where(entry => !added.ContainsKey(entry.Key)).ToDictionary();
        return new EnvironmentVariables(own, $"{kind} {connection.Name}", process) { Added = added, Site = connection.Site, WorkingDirectory = folder };
    }

    /// <summary>Where in Azure the connection's cluster is; null where that is not known.</summary>
    internal AzureSite? Site { get; private init; }

    /// <summary>The directory that paths begin in which are not whole.</summary>
    public string WorkingDirectory { get; private init; } = Environment.CurrentDirectory;

    /// <summary>What files of variables add.</summary>
    internal IReadOnlyDictionary<string, string> Added { get; private init; } = new Dictionary<string, string>();

    /// <summary>The names of all variables that are set.</summary>
    public IEnumerable<string> Names => _overlay.Keys.Union(_process.Keys);

    /// <summary>Looks a variable up; null when it is not set. An empty one is set.</summary>
    public string? Get(string name) =>
        _overlay.TryGetValue(name, out var value) || _process.TryGetValue(name, out value) ? value : null;

    /// <summary>Where the value of a variable comes from: the connection's name, <c>environment</c>, or null when it is not set.</summary>
    public string? SourceOf(string name) =>
        _overlay.ContainsKey(name) ? _overlayName : _process.ContainsKey(name) ? "environment" : null;
}
