using System.Globalization;
using ChaosPS.Ports;

namespace ChaosPS.Tests;

/// <summary>Documents of chance, of the words that experiments are made of.</summary>
internal static class AnyDocument
{
    private static readonly string[] s_words =
    [
        "type", "name", "title", "description", "method", "rollbacks", "steady-state-hypothesis", "probes", "provider", "tolerance", "pauses", "before", "after",
        "url", "http", "process", "python", "module", "func", "chaosazure.vmss.actions", "stop_vmss", "arguments", "filter", "instance_criteria", "instanceId",
        "regex", "pattern", "range", "target", "body", "status", "configuration", "secrets", "env", "key", "default", "env_var_type", "int", "json", "ref",
        "timeout", "headers", "path", "sh", "background", "controls", "runtime", "strategy", "probe", "action", "${x}", "$", "[0-9", "(?P<a>", "1e5", "", "jsonpath", "expect", "count",
        "$.status", "$..*", "$[?(@.a=1)]", "$.a[", "$[::0]",
    ];

    private const string Alphabet = "abcXYZ019 .-_:'\"#{}[](),&*!|>%@\\/$?=äß漢";

    /// <summary>A node of any kind.</summary>
    /// <param name="random">Makes the choices.</param>
    /// <param name="depth">How deep it may be.</param>
    public static DocumentNode Node(Random random, int depth)
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

    /// <summary>A mapping that may be a tolerance.</summary>
    public static DocumentNode Tolerance(Random random)
    {
        if (random.Next(3) == 0) return Node(random, 2);
        var type = random.Next(4) switch { 0 => "regex", 1 => "range", 2 => "jsonpath", _ => "other" };
        return new DocumentMapping(
        [
            new DocumentEntry(new DocumentScalar("type", 1, 1), new DocumentScalar(type, 1, 1)),
            .. new[] { "pattern", "range", "path", "target", "expect", "count" }.Where(_ => random.Next(2) == 0)
                .Select(key => new DocumentEntry(new DocumentScalar(key, 1, 1), key == "range" ? Bounds(random) : Node(random, 1))),
        ], 1, 1);
    }

    /// <summary>A text of letters, spaces, quotes, brackets and the like.</summary>
    public static string Letters(Random random, int longest) =>
        string.Concat(Enumerable.Range(0, random.Next(longest)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

    private static DocumentSequence Bounds(Random random) =>
        new([new DocumentScalar((long)random.Next(10), 1, 1), random.Next(5) == 0 ? Node(random, 1) : new DocumentScalar(10.5, 1, 1)], 1, 1);
}
