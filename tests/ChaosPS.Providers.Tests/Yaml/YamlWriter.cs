using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Tests.Yaml;

/// <summary>Writes nodes as YAML 1.1, each in one of the ways that there are for it.</summary>
/// <param name="random">Chooses the ways.</param>
internal sealed partial class YamlWriter(Random random)
{
    private static readonly string[] s_reserved = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

    /// <summary>A whole document.</summary>
    public string Write(DocumentNode node)
    {
        var text = new StringBuilder(Chance() ? "# a comment\n" : "").Append(Chance(4) ? "---\n" : "");
        if (node is DocumentScalar || IsFlow(node)) return text.Append(Flow(node)).Append('\n').ToString();
        Block(text, node, 0);
        return text.ToString();
    }

    private void Block(StringBuilder text, DocumentNode node, int indent)
    {
        if (node is DocumentMapping mapping)
        {
            foreach (var entry in mapping.Entries)
            {
                text.Append(' ', indent).Append(Flow(entry.Key)).Append(':');
                Value(text, entry.Value, indent);
            }

            return;
        }

        foreach (var item in ((DocumentSequence)node).Items)
        {
            text.Append(' ', indent).Append('-');
            Value(text, item, indent);
        }
    }

    private void Value(StringBuilder text, DocumentNode node, int indent)
    {
        if (node is DocumentScalar { Value: string written } && IsLiteral(written) && Chance(3))
        {
            text.Append(" |-\n").Append(' ', indent + 2).Append(written.Replace("\n", "\n" + new string(' ', indent + 2), StringComparison.Ordinal)).Append('\n');
        }
        else if (node is DocumentScalar || IsFlow(node))
        {
            text.Append(' ').Append(Flow(node)).Append(Chance(6) ? " # why" : "").Append('\n');
        }
        else
        {
            text.Append('\n');
            Block(text, node, indent + 2);
        }
    }

    private string Flow(DocumentNode node) => node switch
    {
        DocumentMapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{Flow(entry.Key)}: {Flow(entry.Value)}"))}}}",
        DocumentSequence sequence => $"[{string.Join(", ", sequence.Items.Select(Flow))}]",
        DocumentScalar scalar => Scalar(scalar.Value),
        _ => throw new ArgumentException("There is no such node.", nameof(node)),
    };

    private string Scalar(object? value) => value switch
    {
        null => One("null", "~", "Null"),
        true => One("yes", "true", "On", "TRUE"),
        false => One("no", "False", "off", "NO"),
        long number when number > 59 && Chance(4) => $"{number / 60}:{number % 60:00}",
        long number when number > 0 && Chance(4) => One($"0x{number:x}", $"0{Convert.ToString(number, 8)}", $"0b{Convert.ToString(number, 2)}", $"+{number}"),
        long number when number > 999 => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", "_", StringComparison.Ordinal),
        double.PositiveInfinity => One(".inf", "+.Inf"),
        double.NegativeInfinity => "-.INF",
        double.NaN => ".nan",
        double number => number.ToString("E16", CultureInfo.InvariantCulture), // with a point, and a sign before the exponent: else it is a text
        string text => Text(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private string Text(string text)
    {
        if (Plain().IsMatch(text) && !s_reserved.Contains(text, StringComparer.OrdinalIgnoreCase) && Chance()) return text;
        if (!text.AsSpan().ContainsAny("\n\r\t") && Chance()) return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return JsonSerializer.Serialize(text); // which a double-quoted text is
    }

    private static bool IsLiteral(string text) => Literal().IsMatch(text);

    private static bool IsFlow(DocumentNode node) => node is DocumentMapping { Entries.Count: 0 } or DocumentSequence { Items.Count: 0 };

    private bool Chance(int oneOf = 2) => random.Next(oneOf) == 0;

    private string One(params string[] ways) => ways[random.Next(ways.Length)];

    [GeneratedRegex("^[a-zA-Z][a-zA-Z ]*[a-zA-Z]$|^[a-zA-Z]$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[a-zA-Z0-9#:\-{\[][^\n\r\t]*[^\n\r\t ](\n[a-zA-Z][^\n\r\t]*[^\n\r\t ])*$")]
    private static partial Regex Literal();
}
