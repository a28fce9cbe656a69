using ChaosPS.Errors;
using ChaosPS.Experiments.Azure;
using ChaosPS.Experiments.Controls;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Reads the activities of one experiment, and follows references between them.</summary>
internal sealed class ActivityReader
{
    private static readonly string[] s_keys =
    [
        "type", "name", "provider", "background", "pauses", "controls", "tolerance", "dry", "timeout", "ref", "configuration", "secrets",
    ];

    private static readonly string[] s_guardKeys = [.. s_keys, "frequency"];

    private static readonly string[] s_providers = ["http", "process", "python", "powershell"];

    private readonly FindingList _findings;

    /// <summary>What a reference can name: an activity of the method or the hypothesis; the later of two of one name.</summary>
    private readonly Dictionary<string, DocumentMapping> _named = [];

    /// <summary>The list that is read. The Chaos Toolkit's validation looks at some things in some of them only.</summary>
    private string _list = "";

    /// <summary>Creates a reader.</summary>
    public ActivityReader(DocumentMapping experiment, FindingList findings)
    {
        _findings = findings;
        Controls = new ControlReader(this, experiment, findings);
        var probes = (experiment["steady-state-hypothesis"] as DocumentMapping)?["probes"];
        foreach (var activity in Mappings(experiment["method"]).Concat(Mappings(probes)))
        {
            if (activity["name"] is DocumentScalar { Value: string name } && activity["ref"] is null) _named[name] = activity;
        }
    }

    /// <summary>Reads controls.</summary>
    public ControlReader Controls { get; }

    /// <summary>Reads a list of activities; what is no activity is reported and left out.</summary>
    public IReadOnlyList<ExperimentActivity> ReadList(DocumentNode node, string what)
    {
        _list = what;
        if (node is DocumentSequence sequence) return [.. sequence.Items.Select(ReadAny)];
        if (what != "rollbacks" || node is not (DocumentScalar { Value: "" } or DocumentMapping { Entries.Count: 0 }))
            _findings.Error("WrongType", node, $"'{what}' must be a list of activities.", "An empty list is [].");
        else _findings.Warning("WrongType", node, $"'{what}' must be a list of activities: this is taken for an empty one.", "An empty list is [].");
        return [];
    }

    /// <summary>Reads a probe that guards the run; null when it cannot.</summary>
    public ExperimentActivity? ReadGuard(DocumentMapping node)
    {
        if (Read(node, s_guardKeys) is not { } probe) return null;
        if (probe.Kind == ActivityKind.Action || probe.Provider is NativeProvider { Activity.Kind: ActivityKind.Action })
            _findings.Error("WrongType", node["type"] ?? node, $"A safeguard looks and changes nothing, and '{probe}' is an action.", "Use a probe.");
        foreach (var key in (string[])["pauses", "controls"])
        {
            if (node[key] is { } ignored) _findings.Warning("KeyIgnored", ignored, $"'{key}' has no effect on a safeguard.", "Remove it.");
        }

        CheckTolerance(probe, "a safeguard");
        return probe;
    }

    /// <summary>Reports a tolerance that is wrong, or is not there.</summary>
    public void CheckTolerance(ExperimentActivity probe, string where)
    {
        if (probe.Tolerance is { } tolerance)
        {
            Tolerances.Check(tolerance, probe.Provider, _findings);
        }
        else
        {
            _findings.Error(
                "ToleranceMissing", probe.Node, $"The probe '{probe.Name}' of {where} must have a tolerance.",
                "Add tolerance: 200, for an http probe.");
        }
    }

    /// <summary>The probes that values of the configuration come from, by key.</summary>
    public IReadOnlyDictionary<string, ActivityProvider> ReadConfiguration(DocumentMapping? configuration)
    {
        var probes = new Dictionary<string, ActivityProvider>();
        foreach (var entry in configuration?.Entries ?? [])
        {
            if (entry.Value is not DocumentMapping mapping || mapping["type"] is not DocumentScalar { Value: "probe" }) continue;
            var before = _findings.Count;
            if (mapping["provider"] is not DocumentMapping) _findings.BreaksRun("MissingKey", mapping["provider"] ?? mapping, "A probe must have a provider.", Providers);
            var provider = (mapping["provider"] is DocumentMapping ? ReadProvider(mapping) : null) ?? new UnreadableProvider(mapping);
            provider.Check(_findings);
            if (provider is NativeProvider { Activity: { Kind: ActivityKind.Action } action })
                _findings.Error("WrongType", mapping["provider"]!, $"A value of the configuration comes from a probe, and {action} is an action.");
            probes[DocumentValues.Key(entry)] = provider with { Flaw = _findings.Bear(before) };
        }

        return probes;
    }

    /// <summary>Reads an activity. One that cannot be read, or is wrong, has a flaw, and fails in its turn where a run is not validated.</summary>
    private ExperimentActivity ReadAny(DocumentNode node)
    {
        var before = _findings.Count;
        var read = Read(node, s_keys);
        if (_findings.Bear(before) is not { } flaw) return read!;
        var place = node as DocumentMapping ?? new DocumentMapping([], node.Line, node.Column);
        return new ExperimentActivity((read?.Provider ?? new UnreadableProvider(place)) with { Flaw = flaw })
        {
            Name = read?.Name ?? ((place["name"] ?? place["ref"]) as DocumentScalar)?.Value as string ?? $"line {node.Line}",
            Kind = read?.Kind ?? (place["type"] is DocumentScalar { Value: "probe" } ? ActivityKind.Probe : ActivityKind.Action),
            Node = place,
            Background = read?.Background ?? false,
            ToleranceProbe = read?.ToleranceProbe,
            Controls = read?.Controls ?? [],
        };
    }

    private ExperimentActivity? Read(DocumentNode node, string[] keys)
    {
        if (node is not DocumentMapping { Entries.Count: > 0 } mapping)
        {
            _findings.Error("WrongType", node, "An activity must be a mapping with a type, a name and a provider.");
            return null;
        }

        if (mapping["ref"] is { } reference and not DocumentScalar { Value: null }) return Follow(mapping, reference);
        _findings.UnknownKeys(mapping, "an activity", keys);
        var controls = Controls.ReadOfActivity(mapping);
        var kind = ReadKind(mapping);
        var name = ReadName(mapping);
        CheckPauses(mapping);
        if (mapping["timeout"] is { } timeout and not DocumentScalar { Value: null } && !(PythonValue.IsNumber(DocumentValues.ToValue(timeout))))
            _findings.Error("WrongType", timeout, "The time-out of an activity must be a number.", "It has no effect there: put it into the provider.");
        var background = mapping["background"];
        if (background is not null and not DocumentScalar { Value: bool })
            _findings.Error("WrongType", background, "'background' must be true or false.");
        var provider = ReadProvider(mapping);
        provider?.Check(_findings);
        if (mapping["secrets"] is { } secrets && provider is NativeProvider { Activity.Module: var module } && AzureValidation.IsOf(module))
        {
            _findings.Warning(
                "SecretsMisplaced", secrets, "The scopes of an activity's secrets count in its provider; here they have no effect, and Azure is asked as whoever starts the run.",
                "Move secrets into the provider.");
            _findings.OfAzure();
        }

        foreach (var key in (string[])["configuration", "dry"])
        {
            if (mapping[key] is { } ignored) _findings.Warning("KeyIgnored", ignored, $"'{key}' of an activity has no effect, here as in the Chaos Toolkit.", "Remove it.");
        }

        if (kind is null || name is null || provider is null) return null;
        return new ExperimentActivity(provider)
        {
            Name = name,
            Kind = kind.Value,
            Node = mapping,
            Background = background is DocumentScalar { Value: true },
            ToleranceProbe = ReadToleranceProbe(mapping),
            Controls = controls,
        };
    }

    /// <summary>The activity that a reference names, with the tolerance that stands beside the reference.</summary>
    private ExperimentActivity? Follow(DocumentMapping mapping, DocumentNode reference)
    {
        if (reference is not DocumentScalar { Value: string { Length: > 0 } name })
        {
            _findings.Error("ReferenceUnknown", reference, "A reference must be the name of an activity.");
            return null;
        }

        if (!_named.TryGetValue(name, out var target))
        {
            Action<string, DocumentNode, string, string?> report = _list == "method" ? _findings.Error : _findings.BreaksRun;
            report(
                "ReferenceUnknown", reference, $"No activity of the method or the hypothesis is called '{name}'.",
                NearestNames.Suggest(name, _named.Keys));
            return null;
        }

        var tolerance = mapping.Entries.Where(static entry => entry.Key.Value is "tolerance");
        var others = target.Entries.Where(static entry => entry.Key.Value is not "tolerance");
        return Read(new DocumentMapping([.. others, .. tolerance], mapping.Line, mapping.Column), s_keys);
    }

    /// <summary>The provider of a tolerance that is a probe itself; null for other kinds.</summary>
    private ToleranceProbe? ReadToleranceProbe(DocumentMapping activity)
    {
        if (activity["tolerance"] is not DocumentMapping tolerance || tolerance["type"] is not DocumentScalar { Value: "probe" }) return null;
        _findings.UnknownKeys(tolerance, "a probe tolerance", ["type", "name", "provider"]);
        var name = ReadName(tolerance);
        if (ReadProvider(tolerance) is not { } provider) return null;
        var probe = new ToleranceProbe(name ?? "", provider.Node, node => ReadProvider(new DocumentMapping(
            [new DocumentEntry(new DocumentScalar("provider", node.Line, node.Column), node)], node.Line, node.Column)));
        probe.With(null).Check(_findings);
        if (provider.HasStatus)
        {
            _findings.Warning(
                "ToleranceImpossible", tolerance, "This tolerance is always met: the result of its probe is a mapping, whatever its status.",
                "Use a tolerance of type range, regex or jsonpath.");
        }

        return probe;
    }

    private ActivityKind? ReadKind(DocumentMapping mapping)
    {
        switch ((mapping["type"] as DocumentScalar)?.Value)
        {
            case "probe": return ActivityKind.Probe;
            case "action": return ActivityKind.Action;
            case null:
                _findings.Error("MissingKey", mapping["type"] ?? mapping, "An activity must have a type.", "Add type: probe, or type: action.");
                return null;
            case var other:
                _findings.Error("WrongType", mapping["type"]!, $"'{PythonValue.Text(other)}' is no type of an activity.", "Write probe or action.");
                return null;
        }
    }

    private static string Providers => $"Its type is {string.Join(", ", s_providers)}.";

    private string? ReadName(DocumentMapping mapping)
    {
        var value = mapping["name"] is { } node ? DocumentValues.ToValue(node) : null;
        if (PythonValue.IsTrue(value) && mapping["name"] is DocumentScalar) return PythonValue.Text(value);
        Action<string, DocumentNode, string, string?> report = _list == "rollbacks" ? _findings.BreaksRun : _findings.Error;
        if (PythonValue.IsTrue(value)) report("WrongType", mapping["name"]!, "The name of an activity must be a text.", null);
        else _findings.Error("MissingKey", mapping["name"] ?? mapping, "An activity must have a name.", "Add name: …");
        return null;
    }

    private void CheckPauses(DocumentMapping mapping)
    {
        if (mapping["pauses"] is not { } node) return;
        if (node is not DocumentMapping pauses)
        {
            Action<string, DocumentNode, string, string?> report = node is DocumentScalar { Value: null } ? _findings.BreaksRun : _findings.Error;
            report("WrongType", node, "'pauses' must be a mapping with before, after, or both, in seconds.", null);
            return;
        }

        _findings.UnknownKeys(pauses, "pauses", ["before", "after"]);
    }

    private ActivityProvider? ReadProvider(DocumentMapping activity)
    {
        if (activity["provider"] is not DocumentMapping provider)
        {
            _findings.Error(
                "MissingKey", activity["provider"] ?? activity, "An activity must have a provider.", Providers);
            return null;
        }

        switch ((provider["type"] as DocumentScalar)?.Value)
        {
            case "http": return new HttpProvider(provider);
            case "process": return new ProcessProvider(provider);
            case "python": return ReadPython(provider);
            case "powershell": return new PowerShellProvider(provider);
            case null:
                _findings.Error("MissingKey", provider, "A provider must have a type.", $"The types are {string.Join(", ", s_providers)}.");
                return null;
            case var other:
                var name = PythonValue.Text(other);
                _findings.Error(
                    "UnknownProvider", provider["type"]!, $"There is no provider of type '{name}'.",
                    NearestNames.Suggest(name, s_providers) ?? $"The types are {string.Join(", ", s_providers)}.");
                return null;
        }
    }

    private NativeProvider? ReadPython(DocumentMapping provider)
    {
        var module = Name("module", "a module");
        var function = Name("func", "a func");
        if (module is null || function is null) return null;
        if (ActivityCatalogue.Find(module, function) is { } activity) return new NativeProvider(provider, activity);

        string[] functions = [.. ActivityCatalogue.All.Where(known => known.Module == module).Select(static known => known.Function)];
        if (AzureActivities.WhyNot(module) is { } why)
        {
            _findings.Error("NotSupported", provider["func"]!, $"{module}.{function} is not carried out: {why}.");
            _findings.OfAzure();
        }
        else if (functions.Length > 0)
        {
            _findings.Error(
                "UnknownFunction", provider["func"]!, $"The module {module} has no function '{function}' that this version knows.",
                NearestNames.Suggest(function, functions) ?? $"It has {string.Join(", ", functions)}.");
        }
        else
        {
            _findings.Error(
                "UnknownModule", provider["module"]!, $"This version carries out no Python module '{module}'.",
                NearestNames.Suggest(module, ActivityCatalogue.Modules) ?? "Get-ChaosActivity lists what it carries out; for the rest there are process and powershell activities.");
        }

        return null;

        string? Name(string key, string what)
        {
            if (provider[key] is DocumentScalar { Value: string { Length: > 0 } text }) return text;
            _findings.Error("MissingKey", provider[key] ?? provider, $"A python provider must have {what}, which is a text.");
            return null;
        }
    }

    private static IEnumerable<DocumentMapping> Mappings(DocumentNode? list) => (list as DocumentSequence)?.Items.OfType<DocumentMapping>() ?? [];
}
