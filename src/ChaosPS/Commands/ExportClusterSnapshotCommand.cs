using System.Management.Automation;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Snapshots;

namespace ChaosPS.Commands;

/// <summary>Writes a snapshot of the connected cluster to a file: what a sandbox can be made of, without anything secret.</summary>
[Cmdlet(VerbsData.Export, "ClusterSnapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportClusterSnapshotCommand : ClusterCommand
{
    /// <summary>The file: compressed when its name ends in <c>.gz</c>, readable JSON otherwise.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FilePath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The namespaces to keep; all of them when it is left out. Nodes are kept always.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Namespace { get; set; } = [];

    /// <summary>Leaves a file alone that is there already, with an error.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Overwrites a file that is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the file to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var file = new FileInfo(path);
        if (Directory.Exists(path)) throw ChaosErrors.FileIsFolder(path);
        if (NoClobber && file.Exists) throw ChaosErrors.FileExists(path);
        if (file is { Exists: true, IsReadOnly: true } && !Force) throw ChaosErrors.FileIsReadOnly(path);
        if (!ShouldProcess(Path, $"Export snapshot of cluster {Connection.Name}")) return;

        var snapshot = Run((connection, sink, stop) => ClusterExport.TakeAsync(connection, Namespace, sink, stop));
        if (file is { Exists: true, IsReadOnly: true }) file.IsReadOnly = false;
        SnapshotFile.Save(snapshot, path);
        WriteVerbose($"{snapshot.Objects.Count} objects of cluster {Connection.Name} were written to {path}.");
        if (PassThru) WriteObject(new FileInfo(path));
    }
}
