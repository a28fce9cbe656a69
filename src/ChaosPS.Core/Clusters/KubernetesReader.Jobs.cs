using System.Globalization;

namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    /// <summary>
    /// An annotation of a pod or pod template that a simulation takes as the time that the pod's containers run before they end by themselves,
    /// in seconds. A manifest does not say it otherwise.
    /// </summary>
    public const string RunSecondsAnnotation = "chaosps/run-seconds";

    /// <summary>An annotation of a pod or pod template that a simulation takes as the exit code of its containers; 0, success, without it.</summary>
    public const string ExitCodeAnnotation = "chaosps/exit-code";

    /// <summary>Reads a Job.</summary>
    public static JobSpec ReadJob(ApiFields job, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var completions = job.Number("spec", "completions");
        var parallelism = job.Number("spec", "parallelism");
        return new JobSpec
        {
            Name = Name(job, "job", cluster),
            Namespace = job.Text("metadata", "namespace") ?? "default",
            Cluster = cluster,
            Uid = job.Text("metadata", "uid") ?? "",
            Parallelism = (int)(parallelism ?? 1),

            // The API's default is 1, but only for a Job that says neither.
            Completions = (int?)completions ?? (parallelism is null ? 1 : null),
            IsIndexed = job.Text("spec", "completionMode") == "Indexed",
            BackoffLimit = (int)(job.Number("spec", "backoffLimit") ?? 6),
            ActiveDeadlineSeconds = job.Number("spec", "activeDeadlineSeconds"),
            TtlSecondsAfterFinished = job.Number("spec", "ttlSecondsAfterFinished"),
            IsSuspended = job.Flag("spec", "suspend"),
            PodLabels = job.Map("spec", "template", "metadata", "labels"),
            PodSpec = ReadTemplateSpec(job.At("spec", "template") ?? default),
            Succeeded = job.Count("status", "succeeded"),
            Failed = job.Count("status", "failed"),
            IsFinished = job.Items("status", "conditions").Any(static condition =>
                condition.Text("type") is "Complete" or "Failed" && condition.Text("status") == "True"),
        };
    }

    /// <summary>The spec of a pod or pod template, with what its annotations say about its run.</summary>
    private static PodSpec ReadTemplateSpec(ApiFields template)
    {
        var spec = ReadPodSpec(template.At("spec") ?? default);
        var seconds = template.Text("metadata", "annotations", RunSecondsAnnotation);
        var code = template.Text("metadata", "annotations", ExitCodeAnnotation);
        if (seconds is null && code is null) return spec;
        return spec with
        {
            RunTime = double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var run) && run <= TimeSpan.MaxValue.TotalSeconds / 2
                    ? TimeSpan.FromSeconds(run)
                    : null,
            ExitCode = byte.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var exitCode)
                    ? exitCode
                    : 0,
        };
    }
}
