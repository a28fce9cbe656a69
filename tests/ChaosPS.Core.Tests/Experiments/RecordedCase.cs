using System.Text.Json;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>A question that was put to the Chaos Toolkit 1.45.0, and its answer.</summary>
internal sealed record RecordedCase(string Id, string Area, string Name, JsonElement Input, IReadOnlyDictionary<string, string> Environment, JsonElement Expected)
{
    private static readonly RecordedCase[] s_all = Load();

    /// <summary>Whether the original raised an exception.</summary>
    public bool IsError => Expected.TryGetProperty("error", out _);

    /// <summary>What the original answered.</summary>
    public object? Value => JsonValues.FromJson(Expected.GetProperty("value"));

    /// <summary>The kind of exception that the original raised.</summary>
    public string Error => Expected.GetProperty("error").GetString()!;

    /// <summary>What the exception said.</summary>
    public string Message => Expected.GetProperty("message").GetString()!;

    public EnvironmentVariables Variables => new(Environment, "test", new Dictionary<string, string>());

    /// <summary>Every id.</summary>
    public static IEnumerable<string> All => s_all.Select(static recorded => recorded.Id);

    /// <summary>The ids of an area that are played here, for theories: not those that need Python, and not those of another project.</summary>
    public static TheoryData<string> Ids(string area, Func<RecordedCase, bool>? where = null) =>
    [
        .. s_all.Where(recorded => recorded.Area == area && !RecordedElsewhere.Ids.Contains(recorded.Id) && !RecordedDataTests.NeedsPython.ContainsKey(recorded.Id)
            && (where is null || where(recorded))).Select(static recorded => recorded.Id),
    ];

    public static RecordedCase Get(string id) => Array.Find(s_all, recorded => recorded.Id == id)!;

    /// <summary>A part of the input as a value; null when it is not there.</summary>
    public object? Part(string name) => Input.TryGetProperty(name, out var part) ? JsonValues.FromJson(part) : null;

    /// <summary>A part of the input as a mapping; null when it is not there.</summary>
    public IReadOnlyDictionary<string, object?>? Map(string name) => Part(name) as IReadOnlyDictionary<string, object?>;

    /// <summary>A part of the input as a document.</summary>
    public DocumentNode Document(string name) => JsonDocuments.Instance.Read(Input.GetProperty(name).GetRawText(), Id);

    private static RecordedCase[] Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cases", "chaos-toolkit-cases.json")));
        return
        [
            .. document.RootElement.EnumerateArray().Select(static element => new RecordedCase(
                element.GetProperty("id").GetString()!,
                element.GetProperty("area").GetString()!,
                element.GetProperty("name").GetString()!,
                element.GetProperty("input").Clone(),
                element.GetProperty("env").EnumerateObject().ToDictionary(static e => e.Name, static e => e.Value.GetString() ?? ""),
                element.GetProperty("expected").Clone())),
        ];
    }
}
