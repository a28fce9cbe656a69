using System.Text.RegularExpressions;
using ChaosPS.Errors;
using ChaosPS.Experiments.Azure;
using ChaosPS.Experiments.Controls;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Says everything that is wrong with an experiment, or looks unintended, before it runs.</summary>
public static partial class ExperimentValidator
{
    /// <summary>Validates an experiment against the environment that it would run in.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="environment">The variables that it would read.</param>
    /// <param name="variables">Values that would come before its own configuration; null means none.</param>
    /// <param name="confinement">What it may reach; null means everything.</param>
    /// <param name="secretVariables">Values that would come before its own secrets only; null means none.</param>
    /// <param name="session">The session of PowerShell that it would run in; null when there is none.</param>
    public static ExperimentValidation Validate(
        Experiment experiment, EnvironmentVariables environment, IReadOnlyDictionary<string, object?>? variables = null, Confinement? confinement = null,
        IReadOnlyDictionary<string, object?>? secretVariables = null, ICallerSession? session = null)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(environment);
        var findings = new FindingList(experiment.Source);
        findings.Add(experiment.Findings);
        var reading = ConfigurationReading.Read(experiment, environment, variables, findings, secretVariables, session);
        if (experiment.Document is DocumentMapping document)
        {
            SharedVariables.Check(document["configuration"] as DocumentMapping, environment, findings);
            CheckPlaceholders(experiment, document, environment, findings);
            UnusedValues.Check(document, findings);
        }

        var substitution = new Substitution(reading.Configuration, reading.Secrets);
        var rollbacks = experiment.Rollbacks.Select(static activity => activity.Provider).ToHashSet<ActivityProvider>(ReferenceEqualityComparer.Instance);
        foreach (var (name, provider) in experiment.Providers)
        {
            var missing = findings.Count;
            provider.Check(environment, findings);
            (provider as PowerShellProvider)?.Check(session, rollbacks.Contains(provider), substitution, findings);
            findings.Bear(missing);
            confinement?.Check(name, provider, substitution, findings);
        }

        AzureValidation.Check(experiment, reading.Secrets, findings);
        var before = findings.Count;
        foreach (var activity in experiment.Activities)
        {
            CheckPause(activity.PauseBefore, activity, substitution, findings);
            CheckPause(activity.PauseAfter, activity, substitution, findings);
        }

        foreach (var activity in experiment.Method.Concat(experiment.Rollbacks)) CheckTolerance(activity, experiment, findings);
        findings.Bear(before);
        var place = AzureValidation.Place(reading.Configuration, environment).Aside;
        var found = findings.InOrder.Select(finding => finding.IsOfAzure && place.Length > 0 ? finding with { Message = $"{finding.Message.TrimEnd('.')}{place}." } : finding);
        return new ExperimentValidation(experiment.Source, experiment.Title, [.. experiment.Paths is { } paths
            ? found.Select(finding => finding.Source == experiment.Source ? finding with { Path = paths[finding.Column], Line = 0, Column = 0 } : finding)
            : found]);
    }

    /// <summary>A tolerance outside the hypothesis looks as if it were held.</summary>
    private static void CheckTolerance(ExperimentActivity activity, Experiment experiment, FindingList findings)
    {
        if (activity.Tolerance is not { } tolerance) return;
        if (ControlPlan.HoldsTolerance(activity, experiment))
        {
            Tolerances.Check(tolerance, activity.Provider, findings);
        }
        else
        {
            findings.Warning(
                "ToleranceIgnored", tolerance, $"Nothing is held against the tolerance of '{activity.Name}': it counts in the hypothesis only.",
                $"Add the control {ControlCatalogue.Tolerance}, or move the probe into the hypothesis.");
        }
    }

    private static void CheckPause(DocumentNode? pause, ExperimentActivity activity, Substitution substitution, FindingList findings)
    {
        if (pause is null || PauseLength.Read(pause, substitution) is not null) return;
        var value = DocumentValues.ToValue(pause);

        // A placeholder without a value has its own finding.
        if (Substitution.Names(value).Any() && PythonValue.AreEqual(substitution.Apply(value), value)) return;
        Action<string, DocumentNode, string, string?> report =
            value is string text && !(text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}')) ? findings.Error : findings.BreaksRun;
        report(
            "PauseInvalid", pause, $"A pause of '{activity.Name}' is {PythonValue.Repr(substitution.Apply(value))}, and must be a number of seconds, 0 or more.",
            "Write a number, or a placeholder such as ${pause} for one.");
    }

    /// <summary>Warns of <c>${name}</c> that nothing fills: it would be sent as it is, into a filter for one.</summary>
    private static void CheckPlaceholders(Experiment experiment, DocumentMapping document, EnvironmentVariables environment, FindingList findings)
    {
        string[] known =
        [
            .. (document["configuration"] as DocumentMapping)?.Entries.Select(DocumentValues.Key) ?? [],
            .. (document["secrets"] as DocumentMapping)?.Entries.Select(static scope => scope.Value).OfType<DocumentMapping>()
                .SelectMany(static scope => scope.Entries.Select(DocumentValues.Key)) ?? [],
        ];
        CheckTexts(document["title"], null, static _ => false);
        CheckTexts(document["controls"], null, static _ => false);
        foreach (var activity in experiment.Activities)
        {
            // What the shell fills itself is none of ours.
            CheckTexts(activity.Node, activity.Provider.Literal, name => activity.Provider is ProcessProvider && environment.Get(name) is not null);
        }

        void CheckTexts(DocumentNode? place, DocumentNode? literal, Func<string, bool> isFilledElsewhere)
        {
            foreach (var text in place is null ? [] : DocumentValues.Texts(place))
            {
                var value = (string)text.Value!;
                if (ReferenceEquals(text, literal) || !value.Contains('$')) continue;
                foreach (Match match in Braced().Matches(value))
                {
                    var name = match.Groups[1].Value;
                    if (known.Contains(name) || isFilledElsewhere(name)) continue;
                    findings.Warning(
                        "PlaceholderUnknown", text, $"Nothing fills the placeholder {match.Value}: neither configuration nor secrets have '{name}'.",
                        NearestNames.Suggest(name, known));
                }
            }
        }
    }

    [GeneratedRegex(@"(?<!\$)\$\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braced();
}
