using System.Globalization;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>No definition, tolerance or value makes the engine throw: wrong ones are findings, or not met. The seed is in the test's name.</summary>
public class AnyInputTests
{
    private static readonly string[] s_words =
    [
        "type", "name", "title", "description", "method", "rollbacks", "steady-state-hypothesis", "probes", "provider", "tolerance", "pauses", "before", "after",
        "url", "http", "process", "python", "module", "func", "chaosazure.vmss.actions", "stop_vmss", "arguments", "filter", "instance_criteria", "instanceId",
        "regex", "pattern", "range", "target", "body", "status", "configuration", "secrets", "env", "key", "default", "env_var_type", "int", "json", "ref",
        "timeout", "headers", "path", "sh", "background", "controls", "runtime", "strategy", "probe", "action", "${x}", "$", "[0-9", "(?P<a>", "1e5", "", "jsonpath", "expect", "count",
        "$.status", "$..*", "$[?(@.a=1)]", "$.a[", "$[::0]",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_document_is_read_and_validated(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var document = Node(random, 6);
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
            var (tolerance, value) = (DocumentValues.ToValue(Node(random, 3)), DocumentValues.ToValue(Node(random, 3)));

            var verdict = Tolerances.Evaluate(tolerance, value, substitution);

            Assert.False(verdict is { Met: true, Problem: not null });
        }
    }

    private static DocumentNode Node(Random random, int depth)
    {
        var (line, column) = (random.Next(1, 100), random.Next(1, 80));
        return (depth == 0 ? random.Next(6) : random.Next(12)) switch
        {
            0 => new DocumentScalar(null, line, column),
            1 => new DocumentScalar(random.Next(2) == 0, line, column),
            2 => new DocumentScalar((long)random.Next(-5, 600), line, column),
            3 => new DocumentScalar(random.Next(4) switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => random.NextDouble() * 10 }, line, column),
            4 => new DocumentScalar(System.Numerics.BigInteger.Parse("123456789012345678901234567890", CultureInfo.InvariantCulture), line, column),
            5 => Word(random, line, column),
            6 or 7 => new DocumentSequence([.. Enumerable.Range(0, random.Next(4)).Select(_ => Node(random, depth - 1))], line, column),
            _ => new DocumentMapping(
                [
                    .. Enumerable.Range(0, random.Next(8))
                        .Select(_ => new DocumentEntry(Word(random, line, column), Node(random, depth - 1)))
                        .DistinctBy(static entry => entry.Key.Value),
                ],
                line, column),
        };
    }

    private static DocumentScalar Word(Random random, int line, int column) => new(s_words[random.Next(s_words.Length)], line, column);

    private sealed class Given(DocumentNode document) : IDocumentReader
    {
        public DocumentNode ReadJson(string text, string source) => Read(text, source);

        public DocumentNode Read(string text, string source) => document;

        public IReadOnlyList<DocumentNode> ReadAll(string text, string source) => [document];
    }
}
