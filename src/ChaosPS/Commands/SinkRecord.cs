using ChaosPS.Ports;

namespace ChaosPS.Commands;

/// <summary>What asynchronous work hands to the pipeline thread.</summary>
internal abstract record SinkRecord
{
    private SinkRecord()
    {
    }

    /// <summary>A text for one of the streams.</summary>
    public sealed record Message(ChaosLogLevel Level, string Text) : SinkRecord;

    /// <summary>How far the work is.</summary>
    public sealed record Progress(string Activity, string Status, int? Percent, bool Completed) : SinkRecord;
}
