using System.Text.Json;

namespace ChaosPS.Clusters;

/// <summary>
/// The fields of an object of the API, or of a part of one, however it is encoded: JSON, or the protobuf of long lists. Fields have their names in JSON. Whatever is
/// not there, or is of another kind, is null or empty; a text that is empty is not there either, as in the API's own types.
/// </summary>
/// <param name="json">The object in JSON.</param>
public readonly struct ApiFields(JsonElement json)
{
    private readonly JsonElement _json = json;
    private readonly ApiMessage? _message;

    /// <summary>An object in another encoding.</summary>
    internal ApiFields(ApiMessage message)
        : this(default(JsonElement)) => _message = message;

    /// <summary>The object in another encoding; null when it is in JSON.</summary>
    internal ApiMessage? Message => _message;

    /// <summary>An object in JSON.</summary>
    public static implicit operator ApiFields(JsonElement json) => new(json);

    /// <summary>The object, or map, at a path of names; null when a step is missing.</summary>
    internal ApiFields? At(params ReadOnlySpan<string> path) =>
        _message is null ? _json.At(path) is { } json ? new ApiFields(json) : null : _message.At(path);

    /// <summary>The text at a path.</summary>
    internal string? Text(params ReadOnlySpan<string> path) =>
        _message is null ? _json.Text(path) is { Length: > 0 } text ? text : null : _message.Text(path);

    /// <summary>A quantity, or a count or percentage, as text: the author of a manifest may write a number.</summary>
    internal string? Scalar(params ReadOnlySpan<string> path) => _message is not null ? _message.Scalar(path) : _json.At(path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } some ? some : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>Whether the value at a path is true.</summary>
    internal bool Flag(params ReadOnlySpan<string> path) => _message is null ? _json.Flag(path) : _message.Flag(path);

    /// <summary>The whole number at a path. In protobuf, one that cannot be missing is 0 where JSON leaves it out.</summary>
    internal long? Number(params ReadOnlySpan<string> path) => _message is null ? _json.Number(path) : _message.Number(path);

    /// <summary>The whole number at a path; 0 when it is missing.</summary>
    internal int Count(params ReadOnlySpan<string> path) => (int)(Number(path) ?? 0);

    /// <summary>The time at a path.</summary>
    internal DateTimeOffset? Time(params ReadOnlySpan<string> path) => _message is null ? _json.Time(path) : _message.Time(path);

    /// <summary>The objects of a list.</summary>
    internal IReadOnlyList<ApiFields> Items(params ReadOnlySpan<string> path) =>
        _message is null ? [.. _json.Items(path).Select(static item => new ApiFields(item))] : _message.Items(path);

    /// <summary>The texts of a list.</summary>
    internal IReadOnlyList<string> Texts(params ReadOnlySpan<string> path) => _message is null ? _json.Texts(path) : _message.Texts(path);

    /// <summary>A map from text to text, such as labels.</summary>
    internal IReadOnlyDictionary<string, string> Map(params ReadOnlySpan<string> path) => _message is null ? _json.Map(path) : _message.Map(path);

    /// <summary>The value of a map from text to text at a path whose last step is the key, which may be empty; null when the key is not there.</summary>
    internal string? Entry(params ReadOnlySpan<string> path) => _message is null ? _json.Text(path) : _message.Entry(path);

    /// <summary>What <paramref name="read"/> makes of this object. In a list, objects with the same bytes may share it: it has to be immutable.</summary>
    internal T Shared<T>(Func<ApiFields, T> read)
        where T : class => _message is null ? read(this) : _message.Shared(read);
}
