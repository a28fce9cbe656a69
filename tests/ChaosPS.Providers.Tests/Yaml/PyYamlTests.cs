using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Tests.Yaml;

/// <summary>Texts that were given to PyYAML 6.0.3's safe loader, and what it made of them: Cases/yaml-cases.json.</summary>
public class PyYamlTests
{
    private static readonly JsonElement s_recorded = JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cases", "yaml-cases.json")));

    /// <summary>What is read in another way, and why.</summary>
    private static readonly Dictionary<string, string[]> s_readElsewise = new()
    {
        ["PyYAML resolves = and << as values and has nothing that reads them; here they are texts"] = ["=", "<<", "k: =", "k: <<", "[=]", "[<<]"],
        ["a journal could not hold them"] = ["!!binary aGVsbG8=", "!!set {a, b}", "!!omap [a: 1]", "!!pairs [a: 1]"],
        ["Python takes white space around a number"] = ["!!int ' 5'"],
        ["the parser wants what a bracket or quote holds to stand further right than the key before it, as YAML does"] =
        [
            "a: [\nb\n]", "a: {\nb: c\n}", "a:\n  b: [\n  c\n]\n", "- [\na\n]", "- - [\n  a\n]", "a:\n  b: {\n  c: d\n  }", "a: [b,\nc]", "a: {b: c,\nd: e}",
            "a: [ # x\n# y\nb\n]", "a: \"b\nc\"", "a:\n  b: \"c\nd\"",
        ],
        ["the parser reads indicators within brackets by the rules of YAML 1.2"] =
            [":", "[?]", "[? ]", "[-]", "[a, -]", "[@]", "[`]", "[%]", "[%a]", "[a:]", "[:a]", "[:]", "[|]", "[>]", "{a:}", "{:a}", "{: a}", "...", "|\na\nb", "a: \"\u2028\""],
    };

    [Fact]
    public void Each_text_is_read_as_PyYAML_reads_it()
    {
        var differences = new List<string>();
        foreach (var recorded in s_recorded.GetProperty("cases").EnumerateArray())
        {
            var text = recorded.GetProperty("text").GetString()!;
            var expected = recorded.TryGetProperty("value", out var value) ? Form(value) : "refused";
            var got = Read(text);
            var isKnown = s_readElsewise.Values.Any(texts => texts.Contains(text));
            if (got == expected == isKnown) differences.Add($"{JsonSerializer.Serialize(text)}: {got}, and there {expected}");
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join("\n", differences)}");
    }

    private static string Read(string text)
    {
        try
        {
            return Form(new ChaosPS.Providers.Yaml.YamlDocumentReader().Read(text, "case.yaml"));
        }
        catch (ChaosException)
        {
            return "refused";
        }
    }

    private static string Form(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return value.GetRawText() is var raw && value.ValueKind == JsonValueKind.String ? Text(value.GetString()!) : raw;
        var (kind, content) = value.EnumerateObject().Select(static property => (property.Name, property.Value)).Single();
        return kind switch
        {
            "int" => content.GetString()!,
            "float" => Float(double.Parse(content.GetString()!.Replace("inf", "∞", StringComparison.Ordinal), new NumberFormatInfo { PositiveInfinitySymbol = "∞", NegativeInfinitySymbol = "-∞", NaNSymbol = "nan" })),
            "time" => $"time {content.GetString()}",
            "list" => $"[{string.Join(", ", content.EnumerateArray().Select(Form))}]",
            "map" => $"{{{string.Join(", ", content.EnumerateArray().Select(static entry => $"{Form(entry[0])}: {Form(entry[1])}"))}}}",
            _ => kind,
        };
    }

    private static string Form(DocumentNode node) => node switch
    {
        DocumentSequence sequence => $"[{string.Join(", ", sequence.Items.Select(Form))}]",
        DocumentMapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(static entry => $"{Form(entry.Key)}: {Form(entry.Value)}"))}}}",
        DocumentScalar scalar => scalar.Value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            long or BigInteger => Convert.ToString(scalar.Value, CultureInfo.InvariantCulture)!,
            double number => Float(number),
            DateOnly or DateTime or DateTimeOffset => $"time {PythonValue.Date(scalar.Value, 'T')}",
            var text => Text((string)text),
        },
        _ => throw new ArgumentException("There is no such node.", nameof(node)),
    };

    private static string Text(string text) => JsonSerializer.Serialize(text);

    private static string Float(double number) => "float " + number.ToString("R", CultureInfo.InvariantCulture);
}
