using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using ChaosPS.Errors;

namespace ChaosPS.Faults;

/// <summary>What is to go wrong inside a machine, and for how long. What is not of its kind is null.</summary>
public sealed partial record FaultSpec
{
    /// <summary>The shortest fault.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The longest fault: whatever becomes of ChaosPS, the machine ends it after this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>The file system that the kubelet looks after, and evicts pods for.</summary>
    public const string KubeletPath = "/var/lib/kubelet";

    /// <summary>The longest delay in milliseconds: with more the machine could hardly be reached any more.</summary>
    public const int LongestDelay = 10_000;

    /// <summary>What goes wrong.</summary>
    public required NodeFaultKind Fault { get; init; }

    /// <summary>How long, in whole seconds.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How busy the processors are, or how full the memory or the file system, 1 to 100.</summary>
    public int? Percent { get; init; }

    /// <summary>How much of the file system is taken, in MiB, in the place of a percentage.</summary>
    public int? Megabytes { get; init; }

    /// <summary>A directory of the file system that is filled or written to.</summary>
    public string? Path { get; init; }

    /// <summary>How much later packets are sent, in milliseconds.</summary>
    public int? Delay { get; init; }

    /// <summary>How much the delay varies, up or down, in milliseconds.</summary>
    public int? Jitter { get; init; }

    /// <summary>Keeps the processors busy.</summary>
    /// <exception cref="ChaosException">A value is out of its range: id <c>FaultInvalid</c>.</exception>
    public static FaultSpec Cpu(TimeSpan duration, int percent) => Make(NodeFaultKind.Cpu, duration) with { Percent = InRange("percentage", percent, 1, 100) };

    /// <summary>Fills the memory until so much of it is in use.</summary>
    /// <inheritdoc cref="Cpu"/>
    public static FaultSpec Memory(TimeSpan duration, int percent) => Make(NodeFaultKind.Memory, duration) with { Percent = InRange("percentage", percent, 1, 100) };

    /// <summary>Fills a file system until so much of it is in use.</summary>
    /// <inheritdoc cref="Cpu"/>
    public static FaultSpec Disk(TimeSpan duration, int percent, string path) =>
        Make(NodeFaultKind.Disk, duration) with { Percent = InRange("percentage", percent, 1, 100), Path = Checked(path) };

    /// <summary>Takes so much of a file system.</summary>
    /// <inheritdoc cref="Cpu"/>
    public static FaultSpec DiskSize(TimeSpan duration, int megabytes, string path) =>
        Make(NodeFaultKind.Disk, duration) with { Megabytes = InRange("size in MiB", megabytes, 1, int.MaxValue), Path = Checked(path) };

    /// <summary>Keeps the disk below a path writing.</summary>
    /// <inheritdoc cref="Cpu"/>
    public static FaultSpec DiskIO(TimeSpan duration, string path) => Make(NodeFaultKind.DiskIO, duration) with { Path = Checked(path) };

    /// <summary>Delays what the machine sends.</summary>
    /// <inheritdoc cref="Cpu"/>
    public static FaultSpec Network(TimeSpan duration, int delay, int jitter) => Make(NodeFaultKind.Network, duration) with
    {
        Delay = InRange("delay in milliseconds", delay, 1, LongestDelay),
        Jitter = InRange("jitter in milliseconds", jitter, 0, delay),
    };

    /// <summary>Stops the kubelet.</summary>
    /// <inheritdoc cref="Cpu"/>
    public static FaultSpec Kubelet(TimeSpan duration) => Make(NodeFaultKind.Kubelet, duration);

    /// <summary>What it does, in words: <c>Keep the processors 80 % busy</c>.</summary>
    [JsonIgnore]
    public string Effect => Fault switch
    {
        NodeFaultKind.Cpu => $"Keep the processors {Number(Percent)} % busy",
        NodeFaultKind.Memory => $"Fill the memory to {Number(Percent)} %",
        NodeFaultKind.Disk when Percent is not null => $"Fill the file system of {Path} to {Number(Percent)} %",
        NodeFaultKind.Disk => $"Take {Number(Megabytes)} MiB of the file system of {Path}",
        NodeFaultKind.DiskIO => $"Keep the disk of {Path} writing",
        NodeFaultKind.Network => $"Delay what it sends by {Number(Delay)} ms{(Jitter > 0 ? $", {Number(Jitter)} ms more or less" : "")}",
        NodeFaultKind.Kubelet => "Stop the kubelet",
        _ => throw new ArgumentOutOfRangeException(nameof(Fault), Fault, "No such fault."),
    };

    /// <summary>The effect and how long it lasts.</summary>
    public override string ToString() => $"{Effect} for {Text.Seconds(Duration)}";

    private static FaultSpec Make(NodeFaultKind fault, TimeSpan duration)
    {
        var seconds = TimeSpan.FromSeconds(Math.Ceiling(duration.TotalSeconds));
        if (seconds < Shortest || seconds > Longest)
            throw ChaosErrors.FaultInvalid($"The duration is {Text.Seconds(duration)}", $"It is 1 s at least and {Longest.TotalHours:0} h at most.");
        return new FaultSpec { Fault = fault, Duration = seconds };
    }

    private static int InRange(string what, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw ChaosErrors.FaultInvalid(
            string.Create(CultureInfo.InvariantCulture, $"The {what} is {value}"),
            string.Create(CultureInfo.InvariantCulture, $"It is {least} at least{(most == int.MaxValue ? "" : $" and {most} at most")}."));

    /// <summary>A path becomes part of a script: what a shell could take for anything else is refused.</summary>
    private static string Checked(string path) => PlainPath().IsMatch(path)
        ? path
        : throw ChaosErrors.FaultInvalid($"The path is '{path}'", "It is absolute, and made of letters, digits and . _ - only, without '..'.");

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    [GeneratedRegex(@"\A/(?!.*\.\.)[A-Za-z0-9._/-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainPath();
}
