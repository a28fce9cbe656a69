using System.Text.Json;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>Many questions that were put to the Chaos Toolkit 1.45.0 at once, and its answers: see Cases/matrices/README.md.</summary>
public class MatrixTests
{
    /// <summary>What cannot be read here, and why.</summary>
    private static readonly Dictionary<string, string> s_notReadHere = new()
    {
        [@"\N{DIGIT ONE}"] = ".NET has no names of characters",
        ["NaN"] = "it is no JSON",
        ["Infinity"] = "it is no JSON",
        ["-Infinity"] = "it is no JSON",
        ["{\"a\": NaN}"] = "it is no JSON",
    };

    [Fact]
    public void Each_tolerance_holds_for_the_values_that_it_holds_for_there()
    {
        var matrix = Read("tolerance-matrix");
        var none = new Substitution(null, null);
        var values = Values(matrix, "values");
        Compare(
            Rows(matrix, "tolerances", "verdicts", values.Length),
            cell => Letter(Tolerances.Evaluate(Value(cell.Row), values[cell.Column], none)),
            cell => $"{cell.Row} holds for {PythonValue.Repr(values[cell.Column])}");

        // Nothing (n) and a Python error (e) are not met, with a reason.
        static char Letter(ToleranceVerdict verdict) => verdict.Problem is not null ? 'e' : verdict.Met ? 't' : 'f';
    }

    [Fact]
    public void Each_pattern_finds_what_Pythons_finds()
    {
        var matrix = Read("regex-matrix");
        var texts = Values(matrix, "texts");
        Compare(
            Rows(matrix, "patterns", "verdicts", texts.Length),
            cell => Search(cell.Row.GetString()!, (string)texts[cell.Column]!),
            cell => $"{cell.Row} in {PythonValue.Repr(texts[cell.Column])}");

        static char Search(string pattern, string text)
        {
            try
            {
                return PythonRegex.Compile(pattern).IsMatch(text) ? 't' : 'f';
            }
            catch (ArgumentException)
            {
                return 'x';
            }
        }
    }

    [Fact]
    public void Each_tolerance_is_refused_that_is_refused_there()
    {
        var differences = new List<string>();
        foreach (var recorded in Read("tolerance-validity").GetProperty("cases").EnumerateArray())
        {
            var findings = new FindingList("test");
            Tolerances.Check(JsonDocuments.Instance.Read(recorded.GetProperty("tolerance").GetRawText(), "test"), null, findings);
            var isRefused = findings.InOrder.Any(static finding => finding.Severity == FindingSeverity.Error);
            var isUnread = (Value(recorded.GetProperty("tolerance")) as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("pattern") is string pattern && s_notReadHere.ContainsKey(pattern);
            if (isRefused != (isUnread || recorded.GetProperty("expected").GetString() != "valid"))
                differences.Add($"{recorded}: {string.Join("; ", findings.InOrder)}");
        }

        Differences.Check(differences);
    }

    [Fact]
    public void Each_path_leads_to_the_values_that_it_leads_to_there()
    {
        var matrix = Read("jsonpath-matrix");
        var documents = Values(matrix, "documents");
        var differences = new List<string>();
        foreach (var recorded in matrix.GetProperty("cases").EnumerateArray())
        {
            var path = recorded.GetProperty("path").GetString()!;
            for (var i = 0; i < documents.Length; i++)
            {
                var expected = recorded.TryGetProperty("values", out var values) ? values[i].GetString() : null;
                var got = Match(path, documents[i]);
                if (got != expected) differences.Add($"{path} in document {i}: {got ?? "refused"}, and there {expected ?? "refused"}");
            }
        }

        Differences.Check(differences);

        // Null is refused when it is read, ! when it is followed.
        static string? Match(string text, object? document)
        {
            JsonPath path;
            try
            {
                path = JsonPath.Parse(text);
            }
            catch (FormatException)
            {
                return null;
            }

            try
            {
                return PythonValue.Repr(path.Match(document));
            }
            catch (FormatException)
            {
                return "!";
            }
        }
    }

    [Fact]
    public void Each_placeholder_is_filled_as_it_is_filled_there()
    {
        var matrix = Read("substitution-matrix");
        Substitution[] scopes =
        [
            .. Values(matrix, "scopes").Cast<IReadOnlyDictionary<string, object?>>()
                .Select(static scope => new Substitution(scope["configuration"] as IReadOnlyDictionary<string, object?>, scope["secrets"] as IReadOnlyDictionary<string, object?>)),
        ];
        var differences = new List<string>();
        foreach (var recorded in matrix.GetProperty("cases").EnumerateArray())
        {
            for (var i = 0; i < scopes.Length; i++)
            {
                var (expected, got) = (recorded.GetProperty("expected")[i].GetString(), PythonValue.Repr(scopes[i].Apply(Value(recorded.GetProperty("data")))));
                if (expected != got) differences.Add($"{recorded.GetProperty("data")} in scope {i}: {got}, and there {expected}");
            }
        }

        Differences.Check(differences);
    }

    [Theory]
    [InlineData("values", "fromValue")]
    [InlineData("defaults", "fromDefault")]
    public void Each_value_of_the_environment_gets_the_type_that_it_gets_there(string inputs, string answers)
    {
        var matrix = Read("environment-matrix");
        var types = Values(matrix, "types");
        var values = Values(matrix, inputs);
        var differences = new List<string>();
        for (var t = 0; t < types.Length; t++)
        {
            for (var v = 0; v < values.Length; v++)
            {
                var definition = PythonValue.Map([KeyValuePair.Create("type", (object?)"env"), KeyValuePair.Create("key", (object?)"V")]);
                if (types[t] is not null) definition["env_var_type"] = types[t];
                if (inputs == "defaults") definition["default"] = values[v];
                var environment = new Dictionary<string, string>();
                if (inputs == "values") environment["V"] = (string)values[v]!;
                var got = Configure("configuration", PythonValue.Map([KeyValuePair.Create("k", (object?)definition)]), environment, null, "k");
                var expected = matrix.GetProperty(answers)[t][v].GetString()!;
                if (values[v] is string text && types[t] is "json" && s_notReadHere.ContainsKey(text)) expected = "!";
                if (got != (expected.StartsWith('!') ? "!" : expected)) differences.Add($"{PythonValue.Repr(values[v])} as {types[t]}: {got}, and there {expected}");
            }
        }

        Differences.Check(differences);
    }

    [Fact]
    public void Each_configuration_is_read_as_it_is_read_there()
    {
        var differences = new List<string>();
        foreach (var recorded in Read("configuration-cases").GetProperty("cases").EnumerateArray())
        {
            var got = Configure(
                recorded.GetProperty("block").GetString()!, Value(recorded.GetProperty("input")),
                recorded.GetProperty("env").EnumerateObject().ToDictionary(static e => e.Name, static e => e.Value.GetString()!),
                Value(recorded.GetProperty("vars")) as IReadOnlyDictionary<string, object?>, null);
            var expected = recorded.TryGetProperty("value", out var value) ? value.GetString() : "!";
            if (got != expected) differences.Add($"{recorded}: {got}");
        }

        Differences.Check(differences);
    }

    [Fact]
    public void Each_experiment_is_refused_that_is_refused_there()
    {
        var matrix = Read("experiment-mutations");
        var differences = new List<string>();
        foreach (var recorded in matrix.GetProperty("cases").EnumerateArray())
        {
            var experiment = MutatedExperiment.Of(matrix, recorded);
            var validation = ExperimentValidator.Validate(
                ExperimentReader.Read(experiment?.ToJsonString() ?? "null", "e.json", JsonDocuments.Instance),
                new EnvironmentVariables(new Dictionary<string, string> { ["V"] = "5" }, "test", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" })).AsVerdict();
            var isRefused = recorded.GetProperty("error").ValueKind != JsonValueKind.Null;
            if (isRefused == validation.IsValid) differences.Add($"{recorded}: {string.Join("; ", validation.Errors)}");
        }

        Differences.Check(differences);
    }

    /// <summary>The values of a block, or of one of its keys, as Python writes them; ! when it is refused.</summary>
    private static string Configure(
        string block, object? content, Dictionary<string, string> environment, IReadOnlyDictionary<string, object?>? variables, string? key)
    {
        var at = new DocumentAt();
        var experiment = new Experiment { Source = "test", Document = DocumentValues.ToNode(PythonValue.Map([KeyValuePair.Create(block, content)]), at.Node) };
        var findings = new FindingList("test");
        var isSecrets = block == "secrets";
        var reading = ConfigurationReading.Read(
            experiment, new EnvironmentVariables(environment, "test", new Dictionary<string, string>()), isSecrets ? null : variables, findings, isSecrets ? variables : null);
        if (findings.InOrder.Any(static finding => finding.Severity == FindingSeverity.Error)) return "!";
        var values = isSecrets ? reading.Secrets : reading.Configuration;
        return PythonValue.Repr(key is null ? values : values[key]);
    }

    private sealed record DocumentAt
    {
        public ChaosPS.Ports.DocumentNode Node { get; } = new ChaosPS.Ports.DocumentScalar(null, 1, 1);
    }

    private static IEnumerable<Cell> Rows(JsonElement matrix, string rows, string answers, int columns) =>
        from row in Enumerable.Range(0, matrix.GetProperty(rows).GetArrayLength())
        from column in Enumerable.Range(0, columns)
        select new Cell(matrix.GetProperty(rows)[row], column, matrix.GetProperty(answers)[row].GetString()![column]);

    private static void Compare(IEnumerable<Cell> cells, Func<Cell, char> answer, Func<Cell, string> describe) =>
        Differences.Check(cells.Where(cell => answer(cell) != (cell.Expected == 'n' ? 'e' : cell.Expected)).Select(cell => $"{describe(cell)}: {answer(cell)}, and there {cell.Expected}"));

    private static JsonElement Read(string name) =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cases", "matrices", name + ".json")));

    private static object? Value(JsonElement element) => JsonValues.FromJson(element);

    private static object?[] Values(JsonElement matrix, string name) => [.. matrix.GetProperty(name).EnumerateArray().Select(Value)];

    private sealed record Cell(JsonElement Row, int Column, char Expected);

    private static class Differences
    {
        /// <summary>All of them, not only the first five.</summary>
        public static void Check(IEnumerable<string> differences)
        {
            string[] all = [.. differences];
            Assert.True(all.Length == 0, $"{all.Length} differences\n" + string.Join("\n", all));
        }
    }
}
