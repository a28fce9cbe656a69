using System.CommandLine;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Safety;

namespace ChaosPS.Cli;

/// <summary>How <c>run</c> runs an experiment. What <c>chaos run</c> has too has the same name.</summary>
internal sealed class RunArguments
{
    private readonly Option<string?> _journal = new("--journal-path") { Description = "Where to write the journal. Default: the run's folder.", HelpName = "FILE" };

    private readonly Option<bool> _noValidation = new("--no-validation")
    {
        Description = "Begin in spite of errors in activities: each of these fails in its turn. What is unsafe is refused all the same.",
    };

    private readonly Option<DryMode?> _dry = Choice<DryMode>("--dry", "WHAT", "Carry these out in appearance only", null);

    private readonly Option<RollbackStrategy?> _rollbacks = Choice<RollbackStrategy>(
        "--rollback-strategy", "WHEN", "When the declared rollbacks are played",
        "Left out, as the experiment says, else whenever the method was entered.");

    private readonly Option<HypothesisStrategy?> _hypothesis = Choice<HypothesisStrategy>(
        "--hypothesis-strategy", "WHEN", "When the steady state is checked",
        "Left out, as the experiment says, else before and after the method.");

    private readonly Option<double?> _frequency = new("--hypothesis-frequency")
    {
        Description = "Seconds between two checks of the steady state while the method is played. Default: 1.",
        HelpName = "SECONDS",
        CustomParser = Amounts.Seconds,
    };

    private readonly Option<bool> _failFast = new("--fail-fast") { Description = "End the method when the steady state is not met while it is played." };

    private readonly Option<bool> _skipControls = new("--skip-unknown-control")
    {
        Description = "Run without the controls that this version does not apply. Left out, an experiment with one is refused.",
    };

    private const string CompatibilityOption = "--compatibility";

    private readonly Option<string?> _compatibility = new Option<string?>(CompatibilityOption)
    {
        Description = "Judge the run as this does, by its status, rollbacks and exit codes: chaostoolkit.",
        HelpName = "WHOM",
    }.AcceptOnlyFromAmong("chaostoolkit");

    private readonly Option<bool> _irreversible = new("--allow-irreversible") { Description = "Allow actions that cannot be undone, such as delete_vmss." };

    private readonly Option<bool> _lease = new("--lease") { Description = "Mark the run in the cluster by a Lease, for other machines to see." };

    private readonly Option<double?> _longest = new("--max-duration")
    {
        Description = "Interrupt and undo the run when it takes longer than that many seconds.",
        HelpName = "SECONDS",
        CustomParser = Amounts.Seconds,
    };

    private readonly Option<int?> _mostDown = new("--max-nodes-down")
    {
        Description = "How many nodes may be down at once. Default: 1, or what a chaosps.policy.yaml says.",
        HelpName = "N",
        CustomParser = Amounts.Count,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_journal, _noValidation, _dry, _rollbacks, _hypothesis, _frequency, _failFast, _skipControls, _compatibility, _irreversible, _lease, _longest, _mostDown])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether a command line asks for the Chaos Toolkit's judgement.</summary>
    public static bool IsJudgedAsThere(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Any(static option => option.Name == CompatibilityOption) && parsed.GetValue<string?>(CompatibilityOption) is not null;

    public RunOptions Options(ParseResult parsed, ExperimentArguments arguments, Experiment experiment, UndoControl undo)
    {
        var files = arguments.Files(parsed);
        return new RunOptions
        {
            Variables = arguments.Variables(parsed, files),
            SecretVariables = files.Secrets,
            EnvironmentVariables = files.Environment,
            Seed = arguments.Seed(parsed),
            JournalPath = parsed.GetValue(_journal),
            StatePath = arguments.StatePath(parsed),
            AllowIrreversible = parsed.GetValue(_irreversible),
            AllowExternal = arguments.AllowExternal(parsed),
            Strict = arguments.Strict(parsed),
            SkipValidation = parsed.GetValue(_noValidation),
            Lease = parsed.GetValue(_lease),
            MaxDuration = Span(parsed.GetValue(_longest)),
            Policies = arguments.Policies(experiment, parsed.GetValue(_mostDown)),
            Dry = parsed.GetValue(_dry),
            RollbackStrategy = parsed.GetValue(_rollbacks),
            HypothesisStrategy = parsed.GetValue(_hypothesis),
            HypothesisFrequency = Span(parsed.GetValue(_frequency)) ?? TimeSpan.FromSeconds(1),
            FailFast = parsed.GetValue(_failFast),
            SkipUnknownControls = parsed.GetValue(_skipControls),
            Compatibility = IsJudgedAsThere(parsed) ? RunCompatibility.ChaosToolkit : RunCompatibility.None,
            Undo = undo,
        };
    }

    private static TimeSpan? Span(double? seconds) => seconds is { } amount ? TimeSpan.FromSeconds(amount) : null;

    /// <summary>An option whose values are those of an enum, written as the Chaos Toolkit writes them: <c>before-method-only</c>.</summary>
    private static Option<T?> Choice<T>(string name, string helpName, string what, string? rest)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>().ToDictionary(static value => string.Concat(
            value.ToString().Select(static (letter, index) => index > 0 && char.IsUpper(letter) ? $"-{letter}" : letter.ToString())).ToLowerInvariant());
        var option = new Option<T?>(name) { Description = $"{what}: {string.Join(", ", values.Keys)}. {rest}".TrimEnd(), HelpName = helpName };
        option.CustomParser = result =>
        {
            var token = result.Tokens is [var only] ? only.Value : "";
            if (values.TryGetValue(token == RuntimeBlock.ContinuouslyMisspelt ? "continuously" : token, out var value)) return value;
            result.AddError($"{name} must be one of {string.Join(", ", values.Keys)}, not '{token}'. {NearestNames.Suggest(token, values.Keys)}".TrimEnd());
            return null;
        };
        option.CompletionSources.Add([.. values.Keys]);
        return option;
    }
}
