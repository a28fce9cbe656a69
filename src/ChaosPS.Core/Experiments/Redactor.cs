using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>
/// Takes secrets out of texts and documents: by value wherever they turn up, by place in the experiment's own block of secrets. Secrets are also what
/// the headers of http requests are sent for authentication, and what stands before the host of a URL.
/// </summary>
internal sealed partial class Redactor
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mark = "***";

    /// <summary>A shorter secret is taken out only where it is a whole text: a letter is part of every word.</summary>
    private const int ShortestPart = 3;

    private readonly string[] _secrets;

    /// <summary>Creates a redactor for an experiment and what was read for it.</summary>
    public Redactor(DocumentNode experiment, ConfigurationReading values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] known = [.. Values(values.Secrets), .. OfHeaders(experiment, new Substitution(values.Configuration, values.Secrets))];

        // The longest first: one secret may be a part of another.
        _secrets =
        [
            .. known.Where(static text => text.Length > 0).SelectMany(Written).Distinct().OrderByDescending(static text => text.Length),
        ];
    }

    /// <summary>A secret as it is written in texts, in URLs, in HTML, in the quotes of Python and of JSON, and in base64, as Kubernetes and as tokens have it.</summary>
    private static IEnumerable<string> Written(string secret)
    {
        const string BothQuotes = "'\""; // within a text that has both, Python quotes the one
        var escaped = Uri.EscapeDataString(secret);
        var lower = Escapes().Replace(escaped, static escape => escape.Value.ToLowerInvariant()); // as ASP.NET writes them
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        return
        [
            secret, escaped, escaped.Replace("%20", "+", StringComparison.Ordinal), lower,
            lower.Replace("%20", "+", StringComparison.Ordinal), WebUtility.HtmlEncode(secret),
            PythonValue.Repr(secret)[1..^1], PythonValue.Repr(BothQuotes + secret)[(PythonValue.Repr(BothQuotes).Length - 1)..^1],
            JsonEncodedText.Encode(secret).Value, JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
            base64, base64.TrimEnd('='), base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        ];
    }

    /// <summary>A text without secrets.</summary>
    public string Redact(string text)
    {
        if (text.Contains('@') && text.Contains("://", StringComparison.Ordinal)) text = UserInfo().Replace(text, Mark);
        foreach (var secret in _secrets)
        {
            if (text == secret) return Mark;
            if (secret.Length >= ShortestPart) text = text.Replace(secret, Mark, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A value as JSON without secrets. Of keys that become the same the last counts.</summary>
    public JsonNode? ToJson(object? value)
    {
        switch (value)
        {
            case IReadOnlyList<object?> list:
                return new JsonArray([.. list.Select(ToJson)]);
            case IReadOnlyDictionary<string, object?> map:
                var json = new JsonObject();
                foreach (var (key, item) in map) json[Redact(key)] = ToJson(item);
                return json;
            default:
                return JsonValues.ToJson(Redact(value));
        }
    }

    /// <summary>The experiment as JSON, with its own secrets taken out: of each only where it comes from is left.</summary>
    public JsonObject ToJson(DocumentMapping experiment)
    {
        var json = new JsonObject();
        foreach (var entry in experiment.Entries)
        {
            var key = DocumentValues.Key(entry);
            json[key] = key == "secrets" ? WithoutValues(entry.Value) : Copy(entry.Value);
        }

        return json;
    }

    private JsonNode? Copy(DocumentNode node)
    {
        switch (node)
        {
            case DocumentSequence sequence:
                return new JsonArray([.. sequence.Items.Select(Copy)]);
            case DocumentMapping mapping:
                var json = new JsonObject();
                foreach (var entry in mapping.Entries) json[Redact(DocumentValues.Key(entry))] = Copy(entry.Value);
                return json;
            default:
                return JsonValues.ToJson(Redact(((DocumentScalar)node).Value));
        }
    }

    private static JsonNode? WithoutValues(DocumentNode node) => node switch
    {
        DocumentMapping mapping when mapping["type"] is DocumentScalar { Value: "env" or "vault" or ConfigurationReading.SecretManagement } => JsonValues.ToJson(DocumentValues.ToMap(mapping)),
        DocumentMapping mapping => new JsonObject(mapping.Entries.Select(static e => KeyValuePair.Create(DocumentValues.Key(e), WithoutValues(e.Value)))),
        _ => JsonValue.Create(Mark),
    };

    /// <summary>A value without secrets.</summary>
    public object? Redact(object? value) => value switch
    {
        null or bool => value,
        string text => Redact(text),
        IReadOnlyList<object?> list => list.Select(Redact).ToArray(),
        IReadOnlyDictionary<string, object?> map => PythonValue.Map(map.Select(e => KeyValuePair.Create(Redact(e.Key), Redact(e.Value)))),
        _ => _secrets.Length > 0 && Array.IndexOf(_secrets, PythonValue.Text(value)) >= 0 ? Mark : value,
    };

    [GeneratedRegex("%[0-9A-F]{2}")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"(?<=://)[^/?#@\s""']+(?=@)")]
    private static partial Regex UserInfo();

    /// <summary>The whole value of such a header, and what follows the scheme in it: <c>Bearer …</c>.</summary>
    private static IEnumerable<string> OfHeaders(DocumentNode node, Substitution substitution) => node switch
    {
        DocumentSequence sequence => sequence.Items.SelectMany(item => OfHeaders(item, substitution)),
        DocumentMapping mapping => OfUrl(mapping["url"], substitution).Concat(mapping.Entries.SelectMany(entry => DocumentValues.Key(entry) == "headers" && entry.Value is DocumentMapping headers
            ? headers.Entries.Where(static header => SignInHeaders.Has(DocumentValues.Key(header)))
                .Select(header => substitution.Apply(DocumentValues.ToValue(header.Value))).OfType<string>()
                .SelectMany(static value => (string[])[value, value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..]])
            : OfHeaders(entry.Value, substitution))),
        _ => [],
    };

    /// <summary>The header that is made of user and password before the host: a server may send it back.</summary>
    private static IEnumerable<string> OfUrl(DocumentNode? url, Substitution substitution) =>
        url is not null && substitution.Apply(DocumentValues.ToValue(url)) is string text && text.Contains('@') && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && BasicCredentials.Of(uri)?.Parameter is { } parameter ? [parameter] : [];

    private static IEnumerable<string> Values(object? value) => value switch
    {
        null or bool => [],
        IReadOnlyList<object?> list => list.SelectMany(Values),
        IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(Values),
        byte[] bytes => [Encoding.UTF8.GetString(bytes)],
        _ => [PythonValue.Text(value)],
    };
}
