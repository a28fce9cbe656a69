using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Controls;

/// <summary>Reads controls, wherever they are declared.</summary>
internal sealed class ControlReader
{
    /// <summary>How a run is allowed without the controls that this version does not know.</summary>
    public const string Permission =
        "Remove it, or run without it by -SkipUnknownControl (--skip-unknown-control on the command line), if the experiment is safe without.";

    private static readonly string[] s_keys = ["name", "provider", "scope", "automatic", "ref"];

    private readonly ActivityReader _activities;
    private readonly FindingList _findings;
    private readonly string[] _names;

    /// <summary>Creates a reader.</summary>
    /// <param name="activities">Reads the probes of safeguards.</param>
    /// <param name="experiment">The experiment that the controls are for.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public ControlReader(ActivityReader activities, DocumentMapping experiment, FindingList findings)
    {
        _activities = activities;
        _findings = findings;
        var hypothesis = experiment["steady-state-hypothesis"] as DocumentMapping;
        IEnumerable<DocumentMapping> owners =
            [experiment, .. Mappings(hypothesis), .. Mappings(hypothesis?["probes"]), .. Mappings(experiment["method"]), .. Mappings(experiment["rollbacks"])];
        _names =
        [
            .. owners.SelectMany(static owner => Mappings(owner["controls"])).Where(static control => control["ref"] is null)
                .Select(static control => (control["name"] as DocumentScalar)?.Value).OfType<string>(),
        ];
    }

    /// <summary>The controls of an experiment; those that are not automatic too.</summary>
    public IReadOnlyList<ExperimentControl> ReadOfExperiment(DocumentMapping experiment) => Read(experiment);

    /// <summary>The controls of a hypothesis. Those of the original have their turns at the experiment and at activities only.</summary>
    public IReadOnlyList<ExperimentControl> ReadOfHypothesis(DocumentMapping hypothesis)
    {
        var controls = Read(hypothesis);
        foreach (var control in controls)
        {
            if (control.Native is null || control.Native == ControlCatalogue.Synchronization) continue;
            if (control.Native == ControlCatalogue.Safeguards) GuardsTheRun(control);
            else NoEffect(control, $"The control '{control}' has no effect on a hypothesis.", "Declare it for the experiment, or for its probes.");
        }

        return controls;
    }

    /// <summary>The controls of an activity.</summary>
    public IReadOnlyList<ExperimentControl> ReadOfActivity(DocumentMapping activity)
    {
        var controls = Read(activity);
        foreach (var control in controls)
        {
            if (control.Native == ControlCatalogue.Safeguards) GuardsTheRun(control);
            if (control.Native != ControlCatalogue.Tolerance && control.Native != ControlCatalogue.WaitUntil) continue;
            if (activity["tolerance"] is null)
            {
                _findings.Error(
                    "ToleranceMissing", activity, $"The control '{control}' needs a tolerance beside it.",
                    "Add tolerance: 200, for an http probe.");
            }

            if (control.Native == ControlCatalogue.WaitUntil && activity["type"] is DocumentScalar { Value: "action" })
                _findings.Error("WrongType", control.Node, $"The control '{control}' carries an activity out again and again, and this one is an action.", "Use it on a probe.");
        }

        return controls;
    }

    /// <summary>The controls of a file of them, by name; those of a settings file of the Chaos Toolkit stand under <c>controls</c>.</summary>
    public IReadOnlyList<ExperimentControl> ReadOfFile(DocumentMapping file)
    {
        var controls = file["controls"] is DocumentMapping inner && inner["provider"] is null ? inner : file;
        return [.. controls.Entries.Select(entry => ReadOne(entry.Value, DocumentValues.Key(entry))).OfType<ExperimentControl>()];
    }

    private IReadOnlyList<ExperimentControl> Read(DocumentMapping owner)
    {
        if (owner["controls"] is not { } node) return [];
        if (node is DocumentSequence sequence) return [.. sequence.Items.Select(item => ReadOne(item, null)).OfType<ExperimentControl>()];
        if (node is DocumentScalar { Value: "" } or DocumentMapping { Entries.Count: 0 })
            _findings.Warning("WrongType", node, "'controls' must be a list of controls: this is taken for an empty one.", "An empty list is [].");
        else _findings.Error("WrongType", node, "'controls' must be a list of controls.", "An empty list is [].");
        return [];
    }

    private ExperimentControl? ReadOne(DocumentNode node, string? given)
    {
        if (node is not DocumentMapping control)
        {
            _findings.Error("WrongType", node, "A control must be a mapping with a name and a provider.");
            return null;
        }

        _findings.UnknownKeys(control, "a control", s_keys);
        CheckReference(control);
        var name = given ?? (control["name"] as DocumentScalar)?.Value as string;
        if (name is null) _findings.Error("MissingKey", control["name"] ?? control, "A control must have a name.", "Add name: …");
        if (control["provider"] is not DocumentMapping provider)
        {
            _findings.Error("MissingKey", control["provider"] ?? control, "A control must have a provider.", "Add provider: {type: python, module: …}");
            return null;
        }

        var scope = ReadScope(control);
        var (native, module) = ReadProvider(provider, name);
        if (name is null || scope is null || module is null) return null;
        var read = new ExperimentControl(name, module, native, control["automatic"] is not { } automatic || PythonValue.IsTrue(DocumentValues.ToValue(automatic)), scope.Value, control);
        if (native is null) return read;
        CheckScope(read);
        _findings.UnknownKeys(provider, "the provider of a control", ["type", "module", "arguments", "secrets"]);
        ArgumentCheck.Check(module, native.Arguments, provider, _findings);
        return native == ControlCatalogue.Safeguards ? read with { Safeguards = ReadSafeguards(provider) } : Checked(read, provider);
    }

    private void CheckReference(DocumentMapping control)
    {
        if (control["ref"] is not { } reference) return;
        var name = (reference as DocumentScalar)?.Value as string;
        if (name is null || !_names.Contains(name))
        {
            _findings.Error(
                "ReferenceUnknown", reference, $"No control is called {(name is null ? "so" : $"'{name}'")}.", name is null ? null : NearestNames.Suggest(name, _names));
        }
        else
        {
            _findings.Warning("KeyIgnored", reference, "A reference to a control has no effect.", "Write its name and provider here.");
        }
    }

    private ControlScope? ReadScope(DocumentMapping control)
    {
        switch (control["scope"] is { } node ? DocumentValues.ToValue(node) : null)
        {
            case null or "": return ControlScope.Both;
            case "before": return ControlScope.Before;
            case "after": return ControlScope.After;
            case var other:
                _findings.Error("WrongType", control["scope"]!, $"The scope of a control must be before or after, and is {PythonValue.Repr(other)}.", "Leave it out for both.");
                return null;
        }
    }

    /// <summary>What applies a control, and its name; the name is null where there is none.</summary>
    private (NativeControl? Native, string? Module) ReadProvider(DocumentMapping provider, string? name)
    {
        var type = provider["type"] is { } node ? DocumentValues.ToValue(node) : null;
        if (type is not "python")
        {
            var shown = type is null ? "of no type" : $"of type '{PythonValue.Text(type)}'";
            Unknown(provider["type"] ?? provider, name, $"a provider {shown}", null);
            return (null, shown);
        }

        if (provider["module"] is not DocumentScalar { Value: string { Length: > 0 } module } place)
        {
            _findings.Error("MissingKey", provider["module"] ?? provider, "The provider of a control must have a module, which is a text.");
            return default;
        }

        if (ControlCatalogue.Find(module) is { } native) return (native, module);
        Unknown(place, name, $"the Python module {module}", NearestNames.Suggest(module, ControlCatalogue.All.Select(static known => known.Module)));
        return (null, module);
    }

    private void Unknown(DocumentNode at, string? name, string what, string? nearest) => _findings.Warning(
        "UnknownControl", at, $"The control '{name}' has {what}, which this version does not apply: a run is refused.", nearest ?? Permission);

    /// <summary>A turn that a control does not have.</summary>
    private void CheckScope(ExperimentControl control)
    {
        var (only, turn) = control.Native switch
        {
            { } native when native == ControlCatalogue.Safeguards || native == ControlCatalogue.Bypass => (ControlScope.After, "before"),
            { } native when native == ControlCatalogue.Repeat => (ControlScope.Before, "after"),
            _ => (ControlScope.Both, ""),
        };
        if (control.Scope == ControlScope.Both || control.Scope != only) return;
        if (control.Native == ControlCatalogue.Safeguards) NoEffect(control, $"The scope of the safeguards '{control}' has no effect: they guard the whole run.", "Leave it out.");
        else NoEffect(control, $"The control '{control}' has no effect: it works {turn} an activity, and its scope leaves that out.", "Leave the scope out.");
    }

    private ExperimentControl Checked(ExperimentControl control, DocumentMapping provider)
    {
        var arguments = provider["arguments"] as DocumentMapping;
        if (control.Native == ControlCatalogue.Bypass)
        {
            if (arguments?["target_type"] is null && arguments?["target_names"] is null)
                NoEffect(control, $"The control '{control}' names nothing to leave out.", "Add target_names: [name], or target_type: action.");
            if (arguments?["target_type"] is DocumentScalar { Value: string type } place && type is not ("action" or "probe") && !Substitution.Names(type).Any())
                _findings.Warning("ControlNoEffect", place, $"No activity has the type '{type}'.", "Write action or probe.");
        }

        foreach (var key in (string[])["timeout", "frequency"])
        {
            if (control.Native != ControlCatalogue.WaitUntil || arguments?[key] is not { } node) continue;
            if (ArgumentTypes.ToNumber(DocumentValues.ToValue(node)) is { } seconds && Safeguard.ToInterval(seconds) is null)
                _findings.Error("WrongType", node, $"The argument '{key}' must be a number of seconds above 0.");
        }

        return control;
    }

    private IReadOnlyList<Safeguard> ReadSafeguards(DocumentMapping provider)
    {
        if ((provider["arguments"] as DocumentMapping)?["probes"] is not DocumentSequence { Items: var items } list) return [];
        if (items.Count == 0) _findings.Error("MissingArgument", list, "Safeguards need at least one probe.");
        return [.. items.OfType<DocumentMapping>().Select(ReadSafeguard).OfType<Safeguard>()];
    }

    private Safeguard? ReadSafeguard(DocumentMapping node)
    {
        if (_activities.ReadGuard(node) is not { } probe) return null;
        var (frequency, background) = (node["frequency"], node["background"]);
        var value = frequency is null ? null : DocumentValues.ToValue(frequency);
        if (!PythonValue.IsTrue(value)) frequency = null; // as there: 0 is none
        else if (!Substitution.Names(value).Any() && Safeguard.ToInterval(value) is null)
            _findings.Error("WrongType", frequency!, $"The frequency of '{probe}' must be a number of seconds above 0.");
        return new Safeguard(probe, frequency, background is not null && PythonValue.IsTrue(DocumentValues.ToValue(background)));
    }

    private void GuardsTheRun(ExperimentControl control) => _findings.Warning(
        "ControlNoEffect", control.Node, $"The safeguards '{control}' guard the whole run, not only what they are declared for.", "Declare them for the experiment.");

    private void NoEffect(ExperimentControl control, string message, string suggestion) =>
        _findings.Warning("ControlNoEffect", control.Node, message, suggestion);

    private static IEnumerable<DocumentMapping> Mappings(DocumentNode? node) => node switch
    {
        DocumentMapping mapping => [mapping],
        DocumentSequence sequence => sequence.Items.OfType<DocumentMapping>(),
        _ => [],
    };
}
