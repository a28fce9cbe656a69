using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ChaosPS.Errors;

namespace ChaosPS.Faults;

/// <summary>What is run inside a machine to begin a fault or to end it: a script of POSIX's shell that needs what every Linux node of AKS has.</summary>
/// <remarks>
/// Below a head of assignments the text is always the same. Nothing that a user writes comes into it but numbers and paths that were checked.
/// </remarks>
/// <param name="Id">The fault's id: the name of its unit of systemd is <c>chaosps-ID.service</c>.</param>
/// <param name="Fault">The fault to begin; null for the script that ends it.</param>
internal sealed partial record FaultScript(string Id, FaultSpec? Fault)
{
    private const string FirstLine = "#!/bin/sh";

    /// <summary>The script.</summary>
    public string Text => Fault is null
        ? $"{FirstLine}\n{Head}\n{Read("stop")}"
        : $"{FirstLine}\n{Head}\n{Read("start").Replace("@worker@", $"{Head}\n{Worker(Fault.Fault).TrimEnd('\n')}", StringComparison.Ordinal)}";

    private string Head
    {
        get
        {
            var head = new StringBuilder();
            foreach (var (name, value) in Values()) head.Append(name).Append("='").Append(value).Append("'\n");
            return head.ToString();
        }
    }

    /// <summary>The script that a text is; null for the text of anybody else.</summary>
    public static FaultScript? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (lines[0] != FirstLine) return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1).TakeWhile(static line => line.Length > 0))
        {
            if (Assignment().Match(line) is not { Success: true } match) return null;
            values[match.Groups[1].Value] = match.Groups[2].Value;
        }

        if (!values.TryGetValue("fault_id", out var id) || !Name().IsMatch(id)) return null;
        try
        {
            var script = new FaultScript(id, values.ContainsKey("fault") ? Spec(values) : null);
            return script.Text.TrimEnd('\n') == text.ReplaceLineEndings("\n").TrimEnd('\n') ? script : null;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or KeyNotFoundException or ArgumentException or ChaosException)
        {
            return null;
        }
    }

    private IEnumerable<(string Name, string Value)> Values()
    {
        yield return ("fault_id", Name().IsMatch(Id) ? Id : throw new ArgumentException($"'{Id}' is no id of a fault."));
        if (Fault is not { } fault) yield break;
        yield return ("fault", fault.Fault.ToString().ToLowerInvariant());
        yield return ("seconds", Number((int)fault.Duration.TotalSeconds));
        if (fault.Fault is NodeFaultKind.Cpu or NodeFaultKind.Memory or NodeFaultKind.Disk) yield return ("percent", Number(fault.Percent ?? 0));
        if (fault.Fault == NodeFaultKind.Disk) yield return ("megabytes", Number(fault.Megabytes ?? 0));
        if (fault.Path is { } path) yield return ("path", path);
        if (fault.Fault != NodeFaultKind.Network) yield break;
        yield return ("delay", Number(fault.Delay ?? 0));
        yield return ("jitter", Number(fault.Jitter ?? 0));
    }

    private static FaultSpec Spec(Dictionary<string, string> values)
    {
        var duration = TimeSpan.FromSeconds(Value("seconds"));
        return Enum.Parse<NodeFaultKind>(values["fault"], ignoreCase: true) switch
        {
            NodeFaultKind.Cpu => FaultSpec.Cpu(duration, Value("percent")),
            NodeFaultKind.Memory => FaultSpec.Memory(duration, Value("percent")),
            NodeFaultKind.Disk when Value("megabytes") is > 0 and var size => FaultSpec.DiskSize(duration, size, values["path"]),
            NodeFaultKind.Disk => FaultSpec.Disk(duration, Value("percent"), values["path"]),
            NodeFaultKind.DiskIO => FaultSpec.DiskIO(duration, values["path"]),
            NodeFaultKind.Network => FaultSpec.Network(duration, Value("delay"), Value("jitter")),
            _ => FaultSpec.Kubelet(duration),
        };

        int Value(string name) => int.Parse(values[name], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static string Worker(NodeFaultKind fault)
    {
        var own = Read(fault.ToString().ToLowerInvariant()).TrimEnd('\n');
        if (fault is NodeFaultKind.Disk or NodeFaultKind.DiskIO) own = $"{Read("file")}\n{own}";
        return Read("worker").Replace("@fault@", own, StringComparison.Ordinal);
    }

    private static string Read(string name)
    {
        using var stream = typeof(FaultScript).Assembly.GetManifestResourceStream($"{name}.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([a-z_]+)='([A-Za-z0-9._/-]*)'\z", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
