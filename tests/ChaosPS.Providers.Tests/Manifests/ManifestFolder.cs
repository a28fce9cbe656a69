using ChaosPS.Clusters;
using ChaosPS.Manifests;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;

namespace ChaosPS.Providers.Tests.Manifests;

/// <summary>A folder of manifests, and the state directory of the runs that change them.</summary>
internal sealed class ManifestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-manifests-");

    public ManifestFolder() => State = Directory.CreateTempSubdirectory("chaosps-state-").FullName;

    public string Path => _folder.FullName;

    public string State { get; }

    public List<string> Said { get; } = [];

    public string Add(string name, string text) => Add(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Add(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Read(string name) => File.ReadAllText(System.IO.Path.Combine(Path, name));

    /// <summary>Plans a change of the workload of that name in the folder, or in one file of it.</summary>
    public WorkloadFileChange Plan(string name, Func<WorkloadOverlay, WorkloadOverlay> change, string? file = null, DisruptionBudget? budget = null, Action<Workload>? capture = null) =>
        WorkloadFiles.Load([file is null ? Path : System.IO.Path.Combine(Path, file)], Path, new Composition(), new Log(Said)).Plan(null, null, name, workload => Change(workload, change, budget, capture));

    private static ClusterOverlay Change(Workload workload, Func<WorkloadOverlay, WorkloadOverlay> change, DisruptionBudget? budget, Action<Workload>? capture)
    {
        capture?.Invoke(workload);
        return new ClusterOverlay
        {
            Workloads = [change(new WorkloadOverlay(workload.Kind, workload.Namespace, workload.Name))],
            DisruptionBudgets = budget is null ? [] : [budget],
        };
    }

    /// <summary>Plans a change, makes it, and returns the id of its run.</summary>
    public async Task<string> MakeAsync(WorkloadFileChange plan)
    {
        using var recovery = RecoveryLog.CreateForFiles(State, "Test");
        await plan.MakeAsync(recovery, "test", new Log(Said));
        return recovery.RunId;
    }

    public Task<RestoredRun> RestoreAsync(string runId) => RunRecovery.RestoreFilesAsync(new RunStore(State).Get(runId), new Log(Said), CancellationToken.None);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        Directory.Delete(State, recursive: true);
    }

    private sealed class Log(List<string> said) : IChaosLog
    {
        public void Write(ChaosLogLevel level, string message) => said.Add($"{level}: {message}");

        public void Progress(string activity, string status, int? percent, bool completed)
        {
            // Not of interest here.
        }
    }
}
