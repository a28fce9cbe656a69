using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Resilience;

namespace ChaosPS.Experiments.Runs;

/// <summary>What probes have measured on one way to the cluster's workloads, beside what was predicted for the same moments.</summary>
internal sealed record MeasuredWay
{
    /// <summary>The path as <c>host/path</c>, or the Service as <c>/namespace/name</c>.</summary>
    public required string Way { get; init; }

    /// <summary>The probes that called it.</summary>
    public required IReadOnlyList<string> Probes { get; init; }

    /// <summary>How many calls they made.</summary>
    public required int Calls { get; init; }

    /// <summary>How many of these failed.</summary>
    public required int Failed { get; init; }

    /// <summary>When the first call failed, after the beginning of the loss; null when none did.</summary>
    public required TimeSpan? FailedFrom { get; init; }

    /// <summary>When the first call went well after the last one that failed; null when none did.</summary>
    public required TimeSpan? WellFrom { get; init; }

    /// <summary>How many were predicted to fail: see <see cref="LossCourse.Count"/>.</summary>
    public required (double Fewest, double Likely, double Most) Predicted { get; init; }

    /// <summary>Whether so many as failed were predicted to.</summary>
    public bool Agrees => Failed >= Predicted.Fewest - 0.5 && Failed <= Predicted.Most + 0.5;

    /// <summary>What differs, in a sentence; null when nothing does.</summary>
    public string? Difference
    {
        get
        {
            if (Agrees) return null;
            var (fewest, most) = (Math.Round(Predicted.Fewest), Math.Round(Predicted.Most));
            var predicted = fewest == most ? string.Create(CultureInfo.InvariantCulture, $"{fewest}") : string.Create(CultureInfo.InvariantCulture, $"{fewest} to {most}");
            return $"{Way}: {Failed} of {Calls} calls failed, predicted were {predicted}.";
        }
    }

    /// <summary>Sums some calls up.</summary>
    public static MeasuredWay Of(string way, IReadOnlyList<(string Probe, TimeSpan At, bool Failed)> calls, LossCourse course)
    {
        var failed = calls.Where(static call => call.Failed).ToArray();
        return new MeasuredWay
        {
            Way = way,
            Probes = [.. calls.Select(static call => call.Probe).Distinct()],
            Calls = calls.Count,
            Failed = failed.Length,
            FailedFrom = failed.Length == 0 ? null : failed.Min(static call => call.At),
            WellFrom = failed.Length == 0 ? null : calls.Where(call => !call.Failed && call.At > failed.Max(static it => it.At)).Min(static call => (TimeSpan?)call.At),
            Predicted = course.Count(way, [.. calls.Select(static call => call.At)]),
        };
    }

    /// <summary>It as the journal has it.</summary>
    public JsonNode ToJson() => new JsonObject
    {
        ["path"] = Way,
        ["probes"] = new JsonArray([.. Probes.Select(static name => JsonValue.Create(name))]),
        ["calls"] = Calls,
        ["failed"] = Failed,
        ["failed_from"] = FailedFrom is { } failed ? Journal.Seconds(failed) : null,
        ["well_from"] = WellFrom is { } well ? Journal.Seconds(well) : null,
        ["predicted_failed"] = new JsonObject
        {
            ["fewest"] = Math.Round(Predicted.Fewest, 2),
            ["likely"] = Math.Round(Predicted.Likely, 2),
            ["most"] = Math.Round(Predicted.Most, 2),
        },
        ["agrees"] = Agrees,
        ["difference"] = Difference,
    };
}
