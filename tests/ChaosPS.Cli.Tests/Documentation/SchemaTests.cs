using System.Text.Json;
using ChaosPS.Experiments;
using ChaosPS.Providers;
using ChaosPS.Tests;
using NJsonSchema;
using Xunit.Abstractions;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>The schema is up to date, and accepts and refuses what the Chaos Toolkit does, as far as a schema can tell.</summary>
public sealed class SchemaTests(ITestOutputHelper output)
{
    /// <summary>What the Chaos Toolkit refuses and the schema accepts, by the key that it stands under, and why.</summary>
    private static readonly Dictionary<string, string> s_acceptedHere = new()
    {
        ["ref"] = "a schema does not follow references",
        ["name"] = "the same",
        ["probes"] = "the same",
        ["steady-state-hypothesis"] = "the same",
        ["path"] = "a schema finds no programs, and reads no JSON paths",
        ["configuration.plain"] = "a schema does not know which variables are set",
        ["configuration.pause"] = "the same",
        ["configuration.env"] = "the same",
        ["secrets.s"] = "the same",
        ["secrets.s.plain"] = "the same",
        ["secrets.s.token"] = "the same",
        ["secrets.s.token.key"] = "the same",
        ["secrets.s.token.type"] = "the same",
    };

    /// <summary>What the Chaos Toolkit's validation accepts and the schema refuses, by the key that it stands under, and why: ChaosPS refuses it too.</summary>
    private static readonly Dictionary<string, string> s_refusedHere = new()
    {
        ["configuration.env.type"] = "a probe without a provider: the run there ends in a Python error",
        ["runtime"] = "no mapping: the same",
        ["runtime.hypothesis"] = "no mapping: the same",
        ["runtime.rollbacks"] = "no mapping: the same",
        ["strategy"] = "a strategy that there is none of: the same",
        ["url"] = "no text: the run there is aborted",
        ["method"] = "an http method that is no text: the same",
        ["timeout"] = "no time: the same",
        ["max_retries"] = "no number of retries: the same",
        ["pauses"] = "null: the run there ends in a Python error",
        ["before"] = "no time: the same",
        ["after"] = "no time: the same",
        ["name"] = "a name that is a list or a mapping, of a rollback",
    };

    /// <summary>Public experiments whose form is wrong; the Chaos Toolkit says so too, or would if it had their modules.</summary>
    private static readonly Dictionary<string, string> s_wrongInForm = new()
    {
        ["bpbpublications__Chaos-Engineering-with-Python__Chapter_05_cpu-contention_experiment.json"] = "a tolerance without a type",
        ["bpbpublications__Chaos-Engineering-with-Python__Chapter_08_chaos-experiment.json"] = "tolerances of the types equal and less_than",
        ["cdsre__chaostoolkit-community-playground__superpower_experiments_kubernetes_lose-half-of-powersources.json"] = "controls that are a mapping",
    };

    private static readonly Lazy<JsonSchema> s_schema = new(static () => JsonSchema.FromJsonAsync(ExperimentSchema.Make()).GetAwaiter().GetResult());

    [Fact]
    public void The_schema_has_what_the_catalogue_has()
    {
        var made = ExperimentSchema.Make();
        if (Environment.GetEnvironmentVariable("CHAOSPS_UPDATE_DOCS") is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ExperimentSchema.Path)!);
            File.WriteAllText(ExperimentSchema.Path, made);
        }

        Assert.Equal(made, File.ReadAllText(ExperimentSchema.Path));
    }

    [Fact]
    public void The_sample_is_accepted() => Assert.Empty(Errors(File.ReadAllText(Samples.StopNode), "stop-node.yaml"));

    [Theory]
    [InlineData("rollbacks: 5")]
    [InlineData("method: [{type: probe, name: p, provider: {type: htp, url: x}}]")]
    [InlineData("method: [{type: probe, name: p, provider: {type: python, module: chaosk8s.pod.actions, func: terminate_pods, arguments: {lable_selector: a}}}]")]
    [InlineData("method: [{type: probe, name: p, provider: {type: python, module: chaosk8s.namespace.probes, func: namespace_exists}}]")]
    [InlineData("method: [{type: probe, name: p, provider: {type: python, module: chaosk8s.pod.probes, func: count_pods, arguments: {label_selector: [a]}}}]")]
    [InlineData("controls: [{name: c, provider: {type: python, module: chaosaddons.controls.repeat, arguments: {count: 3}}}]")]
    public void What_is_wrong_in_form_is_refused(string part)
    {
        var method = part.StartsWith("method", StringComparison.Ordinal) ? "" : "method: []\n";

        Assert.NotEmpty(Errors($"title: t\ndescription: d\n{method}{part}\n", "e.yaml"));
    }

    [Fact]
    public void Public_experiments_are_accepted_where_the_Chaos_Toolkit_accepts_them_and_where_only_a_module_or_a_program_is_missing()
    {
        var folder = Path.Combine(Samples.RepositoryRoot, "..", "shared", "corpus");
        if (!Directory.Exists(folder))
        {
            output.WriteLine($"There is no corpus at {Path.GetFullPath(folder)}: nothing was compared.");
            return;
        }

        var problems = new List<string>();
        foreach (var file in CorpusFile.All(folder))
        {
            var errors = Errors(File.ReadAllText(file.Path), file.Name);
            if (errors.Count > 0 != s_wrongInForm.ContainsKey(file.Name)) problems.Add($"{file.Name} ({(file.IsValid ? "valid" : file.Message)}): {string.Join("; ", errors)}");
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    [Fact]
    public void An_experiment_with_one_thing_changed_is_refused_where_the_Chaos_Toolkit_refuses_it()
    {
        var matrix = JsonElement.Parse(File.ReadAllText(Path.Combine(
            Samples.RepositoryRoot, "tests", "ChaosPS.Core.Tests", "Cases", "matrices", "experiment-mutations.json")));
        var problems = new List<string>();
        foreach (var recorded in matrix.GetProperty("cases").EnumerateArray().Where(static (_, index) => index % 3 == 0))
        {
            var experiment = MutatedExperiment.Of(matrix, recorded);
            var isRefused = s_schema.Value.Validate(experiment?.ToJsonString() ?? "null").Count > 0;
            var isRefusedThere = recorded.GetProperty("error").ValueKind != JsonValueKind.Null;
            if (isRefused != isRefusedThere && !MutatedExperiment.IsUnder(recorded, (isRefused ? s_refusedHere : s_acceptedHere).Keys))
                problems.Add($"{(isRefused ? "refused" : "accepted")} here: {recorded}");
        }

        Assert.True(problems.Count == 0, $"{problems.Count}\n{string.Join("\n", problems)}");
    }

    private static ICollection<NJsonSchema.Validation.ValidationError> Errors(string text, string name)
    {
        var document = new Composition().Documents.Read(text, name);
        return s_schema.Value.Validate(JsonValues.ToJson(DocumentValues.ToValue(document))?.ToJsonString() ?? "null");
    }
}
