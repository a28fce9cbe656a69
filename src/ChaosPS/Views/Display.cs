using System.ComponentModel;
using System.Globalization;
using System.Text;
using ChaosPS.Clusters;
using ChaosPS.Experiments;
using ChaosPS.Resilience;

namespace ChaosPS.Views;

/// <summary>What the views in ChaosPS.Format.ps1xml show where a property alone is not what people read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Display
{
    /// <summary>An age as kubectl writes it: <c>45s</c>, <c>5m12s</c>, <c>3d19h</c>, <c>27d</c>.</summary>
    /// <remarks>Source: HumanDuration in https://github.com/kubernetes/apimachinery/blob/master/pkg/util/duration/duration.go .</remarks>
    public static string Age(TimeSpan age)
    {
        var (seconds, minutes, hours, days) = ((long)age.TotalSeconds, (long)age.TotalMinutes, (long)age.TotalHours, (long)age.TotalDays);
        if (seconds < 0) return "0s";
        return seconds switch
        {
            < 60 * 2 => $"{seconds}s",
            < 60 * 10 => With(minutes, "m", seconds % 60, "s"),
            < 60 * 60 * 3 => $"{minutes}m",
            < 60 * 60 * 8 => With(hours, "h", minutes % 60, "m"),
            < 60 * 60 * 48 => $"{hours}h",
            < 60 * 60 * 24 * 8 => With(days, "d", hours % 24, "h"),
            < 60 * 60 * 24 * 365 * 2 => $"{days}d",
            < 60L * 60 * 24 * 365 * 8 => With(days / 365, "y", days % 365, "d"),
            _ => $"{days / 365}y",
        };
    }

    /// <summary>A duration for people: <c>0 s</c>, <c>21 ms</c>, <c>47.2 s</c>, <c>5 min 48 s</c>; empty for none.</summary>
    public static string Duration(TimeSpan? duration) => duration?.TotalSeconds switch
    {
        null => "",
        0 => "0 s",
        < 1 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        < 119.95 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        { } seconds => $"{(long)seconds / 60} min {(long)seconds % 60} s",
    };

    /// <summary>A predicted outage for people; with <c>&gt;</c> where it does not end while it is looked at.</summary>
    public static string Outage(TimeSpan outage, bool returns) => returns || outage == TimeSpan.Zero ? Duration(outage) : $">{Duration(outage)}";

    /// <summary>Seconds, best/likely/worst; with <c>&gt;</c> where they do not end while it is looked at.</summary>
    public static string Outage(DurationInterval time, bool ends) => ends || time.Worst == TimeSpan.Zero ? time.ToString() : $">{time}";

    /// <summary>The line of a workload in the heat map: what is bad is red too, where there are colours.</summary>
    public static string HeatMap(WorkloadResilience workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var (head, strip) = workload.Map.DescribeRow(workload.Kind, workload.Namespace, workload.Name, Outage(workload.WorstOutage, workload.Returns));
        return head + string.Concat(strip.Select(static symbol => symbol switch
        {
            'X' or '#' => $"\e[91m{symbol}\e[0m",
            'o' => $"\e[93m{symbol}\e[0m",
            '-' => $"\e[92m{symbol}\e[0m",
            _ => $"{symbol}",
        }));
    }

    /// <summary>A share in percent: <c>7%</c>; empty for none.</summary>
    public static string Share(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0}%") : "";

    /// <summary>kubectl's READY of a pod: <c>1/1</c>.</summary>
    public static string Ready(ClusterPod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return $"{pod.ReadyContainers}/{pod.Containers}";
    }

    /// <summary>A value in red when it is what somebody must see. PowerShell takes the colour out where it takes out that of its own headers: <c>$PSStyle.OutputRendering</c>, <c>NO_COLOR</c>, files and pipes.</summary>
    public static string Alert(object? value, bool alert) => alert ? $"\e[91m{value}\e[0m" : $"{value}";

    /// <summary>The machine's size, such as <c>Standard_D4s_v3</c>; null when the node does not say.</summary>
    public static string? InstanceType(ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Labels.GetValueOrDefault("node.kubernetes.io/instance-type");
    }

    /// <summary>The node's operating system: <c>linux</c> or <c>windows</c>; null when the node does not say.</summary>
    public static string? OperatingSystem(ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Labels.GetValueOrDefault("kubernetes.io/os");
    }

    /// <summary>What a validation found, a line a finding, as compilers write it; a file below <paramref name="location"/> by its relative path.</summary>
    public static string Findings(ExperimentValidation validation, string? location)
    {
        ArgumentNullException.ThrowIfNull(validation);
        var source = Relative(validation.Source, location);
        var text = new StringBuilder(source);
        text.Append(validation.IsValid ? ": valid" : ": not valid");
        if (Count(validation.Errors.Count(), "error") is { } errors) text.Append(", ").Append(errors);
        if (Count(validation.Warnings.Count(), "warning") is { } warnings) text.Append(", ").Append(warnings);
        foreach (var finding in validation.Findings) text.AppendLine().Append("  ").Append(finding with { Source = source });
        return text.ToString();
    }

    /// <summary>The arguments of an activity, a line each: name, type, what it is when it is not given, and what it does.</summary>
    public static string Arguments(NativeActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return string.Join(Environment.NewLine, activity.Arguments.Select(static argument =>
            $"{argument.Name} ({argument.Type}, {(argument.Required ? "required" : argument.Default is null ? "optional" : string.Create(CultureInfo.InvariantCulture, $"by default {argument.Default}"))}): {argument.Help}"));
    }

    private static string Relative(string path, string? location)
    {
        if (string.IsNullOrEmpty(location) || !Path.IsPathFullyQualified(path)) return path;
        var relative = Path.GetRelativePath(location, path);
        return Path.IsPathFullyQualified(relative) || relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string With(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";

    private static string? Count(int count, string noun) => count switch
    {
        0 => null,
        1 => $"1 {noun}",
        _ => $"{count} {noun}s",
    };
}
