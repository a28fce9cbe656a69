using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChaosPS.Sandboxes;

/// <summary>What a sandbox says of itself, also to other processes.</summary>
public sealed record SandboxDescription
{
    /// <summary>The longest step of its clock, in seconds: ten years.</summary>
    public const int LongestStep = 315_360_000;

    /// <summary>How it is written: as a JSON object.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    /// <summary>The sandbox's name, such as <c>contactsapp</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it was made from: the name of a built-in one, or a path.</summary>
    public required string Source { get; init; }

    /// <summary>What all chance in it comes from.</summary>
    public required int Seed { get; init; }

    /// <summary>Its present time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How many of its seconds pass in one of the machine's; null where time stands still while anybody works.</summary>
    public required double? Speed { get; init; }

    /// <summary>The subscription that its machines are in.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The tenant that its machines are in.</summary>
    public required string TenantId { get; init; }

    /// <summary>The variables that point at it, as the workshop's experiment reads them.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Its Kubernetes API. The hosts of all four addresses are known to the sandbox only.</summary>
    public required Uri Kubernetes { get; init; }

    /// <summary>Its Azure Resource Manager.</summary>
    public required Uri Azure { get; init; }

    /// <summary>Its application.</summary>
    public required Uri Application { get; init; }

    /// <summary>The hosts of its application: that of <see cref="Application"/>, and those that its Ingresses name.</summary>
    public IReadOnlyList<string> ApplicationHosts { get; init; } = [];

    /// <summary>The sandbox itself: <c>GET</c> describes it, <c>POST step?seconds=N</c> moves its clock ahead.</summary>
    public required Uri Control { get; init; }

    /// <summary>The hosts that it serves.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ServedHosts => [.. new[] { Kubernetes.Host, Azure.Host, Application.Host, Control.Host }.Union(ApplicationHosts)];

    /// <summary>What a request to any other host gets.</summary>
    public static HttpRequestException NotServed(string host, IEnumerable<string> served) => new(
        HttpRequestError.NameResolutionError,
        $"The sandbox does not serve the host '{host}', and nothing leaves the sandbox. It serves: {string.Join(", ", served)}.");
}
