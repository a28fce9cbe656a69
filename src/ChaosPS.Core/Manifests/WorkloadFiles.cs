using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;

namespace ChaosPS.Manifests;

/// <summary>The workloads in manifest files, which are changed where they are written: nothing but the changed lines is.</summary>
public sealed class WorkloadFiles
{
    private readonly ManifestSet _set;
    private readonly IComposition _composition;

    private WorkloadFiles(ManifestSet set, IComposition composition) => (_set, _composition) = (set, composition);

    /// <summary>Reads files, and what is below folders.</summary>
    /// <param name="paths">Whole paths.</param>
    /// <param name="root">The directory that messages name files from.</param>
    /// <param name="composition">Reads and edits documents.</param>
    /// <param name="log">Is told of files below folders that cannot be read.</param>
    /// <exception cref="ChaosException">Ids <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>DocumentInvalid</c>.</exception>
    public static WorkloadFiles Load(IReadOnlyList<string> paths, string root, IComposition composition, IChaosLog log)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(composition);
        return new WorkloadFiles(ManifestSet.Load(paths, root, composition.Documents, log), composition);
    }

    /// <summary>The workloads of some names, with their kinds and namespaces.</summary>
    /// <param name="isWanted">Which names.</param>
    /// <param name="namespace">The namespace; null for all.</param>
    public IReadOnlyList<(string? Kind, string? Namespace, string Name)> Match(Func<string, bool> isWanted, string? @namespace)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return
        [
            .. _set.Workloads.Where(item => (@namespace is null || item.Namespace is null || item.Namespace == @namespace) && isWanted(item.Name))
                .Select(static item => ((string?)item.Kind, item.Namespace, item.Name)).Distinct(),
        ];
    }

    /// <summary>Says how files would be changed.</summary>
    /// <param name="kind">The workload's kind; null for any.</param>
    /// <param name="namespace">Its namespace; null for any.</param>
    /// <param name="name">Its name.</param>
    /// <param name="changeOf">The change of the workload as the file has it.</param>
    /// <exception cref="ChaosException">
    /// Ids <c>ManifestNotFound</c>, <c>ManifestAmbiguous</c>, <c>ManifestEditImpossible</c>; <c>ManifestGenerated</c> where a tool makes the manifest.
    /// </exception>
    public WorkloadFileChange Plan(string? kind, string? @namespace, string name, Func<Workload, ClusterOverlay> changeOf)
    {
        ArgumentNullException.ThrowIfNull(changeOf);
        var written = _set.Find(kind, @namespace, name, changeOf);
        var workload = Read(written);
        return new WorkloadFileChange(ManifestEditPlan.Make(written, changeOf(workload), _set, _composition.Documents, _composition.DocumentEditor), workload);
    }

    /// <summary>The workload as a manifest says it: nothing of it runs.</summary>
    internal static Workload Read(ManifestObject item) =>
        KubernetesReader.ReadWorkload(JsonSerializer.SerializeToElement(item.Json), item.Kind, new ClusterIdentity(item.File.Source, "", item.File.Path));
}

/// <summary>A change of files that can be made.</summary>
public sealed class WorkloadFileChange
{
    private readonly ManifestEditPlan _plan;

    internal WorkloadFileChange(ManifestEditPlan plan, Workload workload) => (_plan, Workload) = (plan, workload);

    /// <summary>The workload as the file has it.</summary>
    public Workload Workload { get; }

    /// <summary>The workload and where it stands: <c>Deployment/search in k8s/search.yaml(1,1)</c>.</summary>
    public string Target => $"{_plan.Target} in {_plan.Target.Place}";

    /// <summary>Whether the files say all of it already.</summary>
    public bool IsEmpty => _plan.Files.Count == 0;

    /// <summary>The changed lines, as <c>diff -u</c> shows them.</summary>
    public IReadOnlyList<string> Diff => [.. _plan.Files.SelectMany(static file => file.Diff)];

    /// <summary>Writes the files; what undoes it is on the disk before.</summary>
    /// <param name="recovery">The run's log.</param>
    /// <param name="summary">The change in words.</param>
    /// <param name="log">Says what is done.</param>
    /// <exception cref="ChaosException">Ids <c>ManifestUnwritable</c>, <c>ManifestChanged</c>.</exception>
    public async Task MakeAsync(RecoveryLog recovery, string summary, IChaosLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var changes = new ChangeSet(null, recovery, log);
        foreach (var edit in _plan.Files)
        {
            var bytes = edit.File.Encode(edit.Text);
            await changes.MakeAsync(ManifestEditIntent.Of(edit, summary, bytes), () =>
            {
                edit.File.Write(bytes);
                return Task.FromResult<ManifestFileEdit?>(edit);
            });
            foreach (var line in edit.Diff) log.Write(ChaosLogLevel.Verbose, line);
        }
    }
}
