using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChaosPS.Clusters;

namespace ChaosPS.Experiments;

/// <summary>Writes the beginning of an experiment: one activity with its arguments, and what is to be true before and after it.</summary>
/// <remarks>What nobody but the author can know is a variable without a value, so the experiment is not valid, and does nothing, until it has one.</remarks>
public static class ExperimentSkeleton
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The experiment as YAML with comments.</summary>
    /// <param name="activity">What it is about: an action goes into the method, a probe into the hypothesis.</param>
    /// <param name="title">Its title; null for a question about the activity.</param>
    /// <param name="paths">The paths that the application publishes: each is a probe. With none, its address is left to be filled in.</param>
    public static string Write(NativeActivity activity, string? title, IReadOnlyList<IngressPath> paths)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(paths);
        var text = new StringBuilder();
        var needed = activity.Arguments.Where(static argument => argument.Required).ToArray();
        var hasVariables = needed.Length > 0 || paths.Count == 0;
        var isAction = activity.Kind == ActivityKind.Action;
        var help = isAction ? "what the method does while the steady state is to hold" : "what the hypothesis looks at";
        Line($"# {activity.Name} is {help}. {activity.Help}");
        if (hasVariables) Line("# Give the variables below their values: here, in the environment, or with -Variable. Test-ChaosExperiment says what is missing.");
        Line("version: 1.0.0");
        Line($"title: {Quoted(title ?? (isAction ? $"Does the application stay well when {activity.Function} is done?" : $"Does {activity.Function} hold?"))}");
        Line("description: What is expected, and why it matters # for whoever reads the journal");
        Line("");

        if (hasVariables) Line("configuration:");
        foreach (var argument in needed) Variable(argument.Name, argument.Help, Form(argument.Type));
        if (paths.Count == 0) Variable("app_url", "the address of the application, such as http://shop.example/.", null);
        if (hasVariables) Line("");

        Line("# Checked before the method, which is not begun if it is not met, and after it.");
        Line("steady-state-hypothesis:");
        Line("  title: The application answers");
        Line("  probes:");
        foreach (var (name, url) in Addresses(paths))
        {
            Line("  - type: probe");
            Line($"    name: {Quoted(name)}");
            Line("    tolerance: 200 # the HTTP status");
            Line("    provider:");
            Line("      type: http");
            Line("      timeout: 2 # seconds");
            Line($"      url: {Quoted(url)}");
        }

        if (!isAction)
        {
            Activity("  ", "tolerance: true # or what it returns when all is well");
            Line("");
            Line("# What is done while the steady state is to hold: Get-ChaosActivity -Kind Action lists what there is.");
            Line("method: []");
        }
        else
        {
            Line("");
            Line("method:");
            Activity("", null);
            Line("  pauses:");
            Line("    after: 60 # seconds; Kubernetes takes 40 to 55 to notice that a node is gone");
        }

        Line("");
        Line("# Played after the method. What a run has changed and can put back is put back without them.");
        Line("rollbacks: []");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');

        void Variable(string name, string what, string? form)
        {
            Line($"  {name}: # {what}");
            Line("    type: env");
            Line($"    key: CHAOS_{name.ToUpperInvariant()}");
            if (form is not null) Line($"    env_var_type: {form}");
        }

        void Activity(string indent, string? first)
        {
            Line($"{indent}- type: {(isAction ? "action" : "probe")}");
            Line($"{indent}  name: {activity.Function.Replace('_', '-')}");
            if (first is not null) Line($"{indent}  {first}");
            Line($"{indent}  provider:");
            Line($"{indent}    type: python # carried out by ChaosPS itself");
            Line($"{indent}    module: {activity.Module}");
            Line($"{indent}    func: {activity.Function}");
            if (activity.Arguments.Count == 0) return;
            Line($"{indent}    {(needed.Length > 0 ? "" : "# ")}arguments:");
            foreach (var argument in activity.Arguments)
            {
                Line(argument.Required
                    ? $"{indent}      {argument.Name}: ${{{argument.Name}}}"
                    : $"{indent}      # {argument.Name}: {Value(argument)} # {argument.Help}");
            }
        }
    }

    private static IEnumerable<(string Name, string Url)> Addresses(IReadOnlyList<IngressPath> paths) => paths.Count == 0
        ? [("the-application-answers", "${app_url}")]
        : paths.GroupBy(static path => path.Uri).Select(static group => ($"{group.First().ServiceName}-answers-{group.First().Path}", group.Key.ToString()));

    /// <summary>As a variable of the environment, which is a text, becomes a value of the type; null where a text will do.</summary>
    private static string? Form(ArgumentType type) => type switch
    {
        ArgumentType.Text or ArgumentType.Texts or ArgumentType.Labels => null,
        ArgumentType.Integer => "int",
        ArgumentType.Flag => "bool",
        _ => "json",
    };

    private static string Value(ActivityArgument argument) => argument.Default switch
    {
        null => argument.Type switch { ArgumentType.Integer => "1", ArgumentType.Flag => "true", ArgumentType.Mapping => "{}", ArgumentType.Text => "\"\"", _ => "[]" },
        bool flag => flag ? "true" : "false",
        string text => Quoted(text),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => JsonSerializer.Serialize(other, s_plain),
    };

    /// <summary>A text as YAML: JSON's quotes are among its own.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text, s_plain);
}
