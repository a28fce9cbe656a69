using System.Text.Json;
using ChaosPS.Clusters;

namespace ChaosPS.Core.Tests.Clusters;

/// <summary>A body recorded from a real API server.</summary>
internal static class Recording
{
    public static ClusterIdentity Cluster { get; } = new("recorded", "https://127.0.0.1:6443", "644836b7-df45-43e0-bed5-9df8697147ce");

    public static DateTimeOffset Now { get; } = new(2026, 11, 22, 11, 26, 52, TimeSpan.Zero);

    public static JsonElement Read(string name) =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", name + ".json")));

    public static JsonElement Json(string text) => JsonElement.Parse(text);
}
