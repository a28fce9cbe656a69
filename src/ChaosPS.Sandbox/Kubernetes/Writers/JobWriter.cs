using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes what the API server and the simulation add to a Job.</summary>
internal static class JobWriter
{
    /// <summary>The labels that tie pods to their Job, in their present form and in the older one.</summary>
    private static readonly string[] s_labels = ["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name"];

    /// <summary>Adds selector, labels, generation and status.</summary>
    public static void Complete(JsonObject json, SimulatedJob job)
    {
        var metadata = json.Member("metadata");
        metadata["generation"] = job.Generation;
        if (job.Terminating) metadata["finalizers"] = new JsonArray("foregroundDeletion");
        AddLabels(metadata, job);
        var spec = json.Member("spec");
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [s_labels[0]] = job.Uid } };
        AddLabels(spec.Member("template").Member("metadata"), job);

        var status = new JsonObject();
        if (job.Conditions.Count > 0) status["conditions"] = new JsonArray([.. job.Conditions.Select(Condition)]);
        if (job.StartTime is { } start) status["startTime"] = ApiTime.Text(start);
        if (job.CompletionTime is { } end) status["completionTime"] = ApiTime.Text(end);
        if (job.Active > 0) status["active"] = job.Active;
        if (job.Succeeded > 0) status["succeeded"] = job.Succeeded;
        if (job.Failed > 0) status["failed"] = job.Failed;
        status["terminating"] = job.TerminatingPods;
        status["ready"] = job.ReadyPods;
        if (job.Spec.IsIndexed && job.CompletedIndexes.Count > 0) status["completedIndexes"] = Ranges(job.CompletedIndexes);
        if (job.StartTime is not null) status["uncountedTerminatedPods"] = new JsonObject();
        json["status"] = status;
    }

    /// <summary>Takes those labels out of an object or a template that was read and is written again.</summary>
    public static void RemoveLabels(JsonObject json)
    {
        if (json["metadata"]?["labels"] is not JsonObject labels) return;
        foreach (var label in s_labels) labels.Remove(label);
        if (labels.Count == 0) json["metadata"]!.AsObject().Remove("labels");
    }

    private static void AddLabels(JsonObject metadata, SimulatedJob job)
    {
        var labels = metadata.Member("labels");
        foreach (var label in s_labels) labels[label] = label.EndsWith("uid", StringComparison.Ordinal) ? job.Uid : job.Name;
    }

    private static JsonObject Condition(PodCondition condition)
    {
        var time = ApiTime.Text(condition.LastTransitionTime);
        var json = new JsonObject { ["type"] = condition.Type, ["status"] = condition.Status, ["lastProbeTime"] = time, ["lastTransitionTime"] = time };
        if (condition.Reason.Length > 0) json["reason"] = condition.Reason;
        if (condition.Message.Length > 0) json["message"] = condition.Message;
        return json;
    }

    /// <summary>Numbers in order, neighbours as ranges: <c>0-2,5</c>.</summary>
    private static string Ranges(IEnumerable<int> numbers)
    {
        List<(int First, int Last)> ranges = [];
        foreach (var number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1) ranges[^1] = (ranges[^1].First, number);
            else ranges.Add((number, number));
        }

        return string.Join(',', ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
    }
}
