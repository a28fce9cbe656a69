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

    /// <summary>Whether the change may be made: <c>ShouldProcess</c>, answered on the pipeline thread.</summary>
    public sealed record Question(string Target, string Action, TaskCompletionSource<bool> Answer) : SinkRecord;
}
