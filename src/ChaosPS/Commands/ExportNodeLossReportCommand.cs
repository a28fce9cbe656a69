using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Reporting;
using ChaosPS.Resilience;

namespace ChaosPS.Commands;

/// <summary>Writes predicted losses as a heat map, workloads by losses: one HTML file that needs nothing else.</summary>
[Cmdlet(VerbsData.Export, "NodeLossReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportNodeLossReportCommand : AsyncCommand
{
    private readonly List<NodeLossPrediction> _predictions = [];

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FilePath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Predictions from Measure-NodeLoss.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public NodeLossPrediction[] InputObject { get; set; } = [];

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
    protected override void Process() => _predictions.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_predictions.Count == 0) return;
        var file = new FileInfo(GetUnresolvedProviderPathFromPSPath(Path));
        if (Directory.Exists(file.FullName)) throw ChaosErrors.FileIsFolder(file.FullName);
        if (NoClobber && file.Exists) throw ChaosErrors.FileExists(file.FullName);
        if (file is { Exists: true, IsReadOnly: true } && !Force) throw ChaosErrors.FileIsReadOnly(file.FullName);
        if (!ShouldProcess(Path, $"Export heat map of {_predictions.Count} predictions")) return;
        if (file is { Exists: true, IsReadOnly: true }) file.IsReadOnly = false;
        NodeLossReport.Save(_predictions, file.FullName);
        if (PassThru) WriteObject(new FileInfo(file.FullName));
    }
}
