using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Tests;

namespace ChaosPS.Providers.Tests.Yaml;

/// <summary>What is written by the rules of YAML 1.1 is read back as it was, and what is found in a file stands in it. The seed is in the test's name.</summary>
public class YamlPropertyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_written_is_read_back(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var node = Texts(AnyDocument.Node(random, 5), random);
            var text = new YamlWriter(random).Write(node);

            Assert.True(Documents.Show(node) == Documents.Show(Documents.Read(text)), $"{text}\nis read as {Documents.Show(Documents.Read(text))}\nand was         {Documents.Show(node)}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_finding_stands_in_the_file(int seed)
    {
        var random = new Random(seed);
        var environment = new EnvironmentVariables(new Dictionary<string, string> { ["x"] = "1" }, "test", new Dictionary<string, string>());
        for (var i = 0; i < 50; i++)
        {
            var text = new YamlWriter(random).Write(AnyDocument.Node(random, 6));
            if (random.Next(4) == 0) text = Damaged(text, random);
            var lines = text.Split('\n');
            Experiment experiment;
            try
            {
                experiment = ExperimentReader.Read(text, "any.yaml", new Providers.Yaml.YamlDocumentReader());
            }
            catch (ChaosException exception)
            {
                Assert.Equal("DocumentInvalid", exception.ErrorId);
                continue;
            }

            var validation = ExperimentValidator.Validate(experiment, environment);

            Assert.NotEmpty(validation.Findings); // none of them is an experiment
            Assert.All(validation.Findings, finding =>
            {
                Assert.Equal("any.yaml", finding.Source);
                Assert.InRange(finding.Line, 1, lines.Length);
                Assert.InRange(finding.Column, 1, lines[finding.Line - 1].Length + 1);
                Assert.Matches("^[A-Z][A-Za-z]+$", finding.Code);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void JSON_is_read_alike_as_JSON_and_as_YAML(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var text = (Json(random, 4) ?? "x").ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });

            Assert.Equal(Documents.Show(Documents.Read(text, "a.json")), Documents.Show(Documents.Read(text, "a.yaml")));
        }
    }

    /// <summary>Some of its texts are any texts.</summary>
    private static DocumentNode Texts(DocumentNode node, Random random) => node switch
    {
        DocumentMapping mapping => new DocumentMapping([.. mapping.Entries.Select(entry => new DocumentEntry(entry.Key, Texts(entry.Value, random)))], 1, 1),
        DocumentSequence sequence => new DocumentSequence([.. sequence.Items.Select(item => Texts(item, random))], 1, 1),
        DocumentScalar { Value: string } when random.Next(2) == 0 => new DocumentScalar(AnyDocument.Letters(random, 20) + (random.Next(4) == 0 ? "\nmore" : ""), 1, 1),
        _ => node,
    };

    private static string Damaged(string text, Random random)
    {
        var at = random.Next(text.Length);
        return random.Next(3) switch { 0 => text[..at], 1 => text.Insert(at, "[:\t{"[random.Next(4)].ToString()), _ => text.Remove(at, 1) };
    }

    private static JsonNode? Json(Random random, int depth) => random.Next(depth == 0 ? 5 : 8) switch
    {
        0 => JsonValue.Create(random.Next(-1000, 100_000)),
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(AnyDocument.Letters(random, 15)),
        3 => JsonValue.Create(random.Next(100) + 0.25),
        4 => null,
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, depth - 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(index => KeyValuePair.Create($"k{index}", Json(random, depth - 1)))),
    };
}
