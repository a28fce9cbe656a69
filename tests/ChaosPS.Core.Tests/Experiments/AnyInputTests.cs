using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>No definition, tolerance or value makes the engine throw: wrong ones are findings, or not met. The seed is in the test's name.</summary>
public class AnyInputTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_document_is_read_and_validated(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var document = AnyDocument.Node(random, 6);
            var experiment = ExperimentReader.Read("", "any", new Given(document));
            var environment = new EnvironmentVariables(new Dictionary<string, string> { ["x"] = "1" }, "test", new Dictionary<string, string>());

            var validation = ExperimentValidator.Validate(experiment, environment, new Dictionary<string, object?> { ["x"] = 1 });

            Assert.All(validation.Findings, static finding => Assert.NotEmpty(finding.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_tolerance_is_held_against_any_value(int seed)
    {
        var random = new Random(seed);
        var substitution = new Substitution(PythonValue.Map([KeyValuePair.Create("x", (object?)1L)]), null);
        for (var i = 0; i < 200; i++)
        {
            var (tolerance, value) = (DocumentValues.ToValue(AnyDocument.Node(random, 3)), DocumentValues.ToValue(AnyDocument.Node(random, 3)));

            var verdict = Tolerances.Evaluate(tolerance, value, substitution);

            Assert.False(verdict is { Met: true, Problem: not null });
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_validation_takes_for_a_tolerance_is_one(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var (tolerance, value) = (AnyDocument.Tolerance(random), DocumentValues.ToValue(AnyDocument.Node(random, 2)));
            var findings = new FindingList("any");
            Tolerances.Check(tolerance, null, findings);
            if (findings.InOrder.Any(static finding => finding.Severity == FindingSeverity.Error)) continue;

            var verdict = Tolerances.Evaluate(DocumentValues.ToValue(tolerance), value, new Substitution(null, null));

            Assert.DoesNotContain("no kind of tolerance", verdict.Problem ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain("is no tolerance", verdict.Problem ?? "", StringComparison.Ordinal);
            Assert.NotEmpty(verdict.Expected);
            Assert.NotEmpty(verdict.Got);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_wider_tolerance_is_met_where_a_narrower_one_is(int seed)
    {
        var random = new Random(seed);
        var none = new Substitution(null, null);
        for (var i = 0; i < 200; i++)
        {
            var value = random.Next(2) == 0 ? (object)(long)random.Next(-20, 20) : (random.NextDouble() * 40) - 20;
            var (low, high) = ((long)random.Next(-15, 10), (long)random.Next(-10, 15));
            object?[] items = [.. Enumerable.Range(0, random.Next(3, 6)).Select(_ => (object?)(long)random.Next(-20, 20))];
            var answer = PythonValue.Map([KeyValuePair.Create("status", (object?)value), KeyValuePair.Create("body", (object?)"x")]);

            Assert.True(Implies(new object?[] { low, high }, new object?[] { low - 1, high + 1 }, value));
            Assert.True(Implies(Range(low, high), Range(low - 1, high + 1), value));
            Assert.True(Implies(Range(low, high), Range(low, high + 0.5), PythonValue.Text(value)));
            Assert.True(Implies(items, items.Append(99L).ToArray(), value));
            Assert.True(Implies(items, items.Append(99L).ToArray(), answer));
            if (value is long whole) Assert.Equal(Tolerances.Evaluate(whole, answer, none).Met, Tolerances.Evaluate(new object?[] { whole }, answer, none).Met);
        }

        bool Implies(object? narrow, object? wide, object? value) =>
            !Tolerances.Evaluate(narrow, value, none).Met || Tolerances.Evaluate(wide, value, none).Met;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_pattern_and_a_path_that_are_made_of_a_value_find_it(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var text = AnyDocument.Letters(random, 12);
            var key = "k" + random.Next(100);
            var value = (IReadOnlyDictionary<string, object?>)PythonValue.Map([KeyValuePair.Create(key, (object?)new object?[] { text, 1L })]);

            Assert.True(Met("regex", ("pattern", "^" + System.Text.RegularExpressions.Regex.Escape(text) + "$"), text), text);
            Assert.True(Met("jsonpath", ("path", $"$.{key}[0]"), value, ("expect", text.Replace("$", "$$", StringComparison.Ordinal))), text);
            Assert.True(Met("jsonpath", ("path", $"$.{key}[*]"), value, ("count", 2L)));
            Assert.False(Met("jsonpath", ("path", $"$.{key}[*]"), value, ("count", 3L)));
        }

        static bool Met(string type, (string Key, object? Value) first, object? value, (string Key, object? Value)? second = null) => Tolerances.Evaluate(
            PythonValue.Map([KeyValuePair.Create("type", (object?)type), KeyValuePair.Create(first.Key, first.Value), .. second is { } more ? [KeyValuePair.Create(more.Key, more.Value)] : Array.Empty<KeyValuePair<string, object?>>()]),
            value, new Substitution(null, null)).Met;
    }

    private static OrderedDictionary<string, object?> Range(object low, object high) =>
        PythonValue.Map([KeyValuePair.Create("type", (object?)"range"), KeyValuePair.Create("range", (object?)new object?[] { low, high })]);

    private sealed class Given(DocumentNode document) : IDocumentReader
    {
        public DocumentNode ReadJson(string text, string source) => Read(text, source);

        public DocumentNode Read(string text, string source) => document;

        public IReadOnlyList<DocumentNode> ReadAll(string text, string source) => [document];
    }
}
