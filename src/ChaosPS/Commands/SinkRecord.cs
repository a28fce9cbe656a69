using System.Management.Automation;
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

    /// <summary>Work for the pipeline's thread itself.</summary>
    /// <param name="Do">Does it; throws nothing.</param>
    /// <param name="Refuse">Says that it cannot be done any more: the pipeline was stopped.</param>
    public sealed record Call(Action Do, Action Refuse) : SinkRecord;

    /// <summary>What became of one of several targets: a record for the next command of the pipeline, or an <see cref="ErrorRecord"/>.</summary>
    public sealed record Result(int Place, object Value) : SinkRecord;
}
