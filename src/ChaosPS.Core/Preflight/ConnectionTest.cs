using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Preflight;

/// <summary>Looks at a cluster before it is worked on: whether it answers, who we are there, what we may do, and what will not work; then at its side in Azure.</summary>
public static class ConnectionTest
{
    /// <summary>The oldest version of Kubernetes that has all that is used: it tells who somebody is.</summary>
    private static readonly Version s_oldest = new(1, 28);

    /// <summary>Ages and the marks of runs are wrong by as much as the clocks differ.</summary>
    private static readonly TimeSpan s_largestSkew = TimeSpan.FromSeconds(5);

    private static readonly ApiResource s_user = new("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", false);

    /// <summary>Looks at everything. It changes nothing, and a failure is a finding.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="namespace">The namespace in which rights are asked for; null for all of them.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    /// <returns>In the order in which things have to be mended. After a server that does not answer nothing else is looked at.</returns>
    public static async Task<IReadOnlyList<ConnectionFinding>> RunAsync(ChaosConnection connection, string? @namespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var findings = new List<ConnectionFinding>();
        var where = $"{connection.Name}, {connection.Server}";
        string version;
        try
        {
            version = await connection.Cluster.GetVersionAsync(cancellationToken);
        }
        catch (ChaosException exception)
        {
            return [Failed("Server", ConnectionSeverity.Error, exception) with { Where = where }];
        }

        findings.Add(new("Server", ConnectionSeverity.Ok, $"{connection.Server} answers"));
        findings.Add(TestVersion(version));
        findings.Add(await LookAsync("Clock", () => TestClockAsync(connection, cancellationToken)));
        findings.Add(await LookAsync("User", () => TestUserAsync(connection.Cluster, cancellationToken)));
        await TestRightsAsync(connection.Cluster, @namespace, findings, cancellationToken);
        var azure = await AzureTest.RunAsync(connection, nodes: null, cancellationToken);
        if (azure.Count == 0) findings.Add(await LookAsync("Machines", () => TestNodesAsync(connection.Cluster, cancellationToken)));
        return [.. findings.Select(finding => finding with { Where = where }), .. azure];
    }

    private static async Task<ConnectionFinding> LookAsync(string check, Func<Task<ConnectionFinding>> look)
    {
        try
        {
            return await look();
        }
        catch (ChaosException exception)
        {
            return Failed(check, ConnectionSeverity.Warning, exception);
        }
    }

    private static ConnectionFinding Failed(string check, ConnectionSeverity severity, ChaosException exception) =>
        new(check, severity, exception.Message, exception.RecommendedAction);

    private static ConnectionFinding TestVersion(string version) =>
        Version.TryParse(string.Join('.', version.TrimStart('v').Split('.', '+', '-').Take(2)), out var number) && number < s_oldest
            ? new("Version", ConnectionSeverity.Error, $"Kubernetes {version} lacks APIs that ChaosPS uses", $"{s_oldest} is the oldest that has them: upgrade the cluster.")
            : new("Version", ConnectionSeverity.Ok, $"Kubernetes {version}");

    private static async Task<ConnectionFinding> TestClockAsync(ChaosConnection connection, CancellationToken cancellationToken) =>
        await connection.Cluster.GetClockSkewAsync(cancellationToken) switch
        {
            null => new("Clock", ConnectionSeverity.Ok, "the server does not tell the time"),
            { } skew when skew.Duration() > s_largestSkew => new(
                "Clock", ConnectionSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"the server's clock is {Text.Seconds(skew.Duration())} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this machine's"),
                "Ages are wrong by as much, and marks of runs may look left that are not: set this machine's clock by NTP."),
            _ => new("Clock", ConnectionSeverity.Ok, "the server's clock and this machine's agree"),
        };

    private static async Task<ConnectionFinding> TestUserAsync(ICluster cluster, CancellationToken cancellationToken)
    {
        var review = await cluster.CreateObjectAsync(s_user, null, Review(s_user), dryRun: false, cancellationToken);
        var user = review.TryGetProperty("status", out var status) && status.TryGetProperty("userInfo", out var info) ? info : default;
        var name = user.ValueKind == JsonValueKind.Object && user.TryGetProperty("username", out var text) ? text.GetString() : null;
        return name is null or "system:anonymous"
            ? new("User", ConnectionSeverity.Error, "the server does not know who asks", "Give the kubeconfig's user a token, a certificate or a credential plugin.")
            : new("User", ConnectionSeverity.Ok, $"{name}{Groups(user)}");
    }

    private static string Groups(JsonElement user) => user.TryGetProperty("groups", out var groups) && groups.ValueKind == JsonValueKind.Array
        ? $" ({ChaosErrors.List(groups.EnumerateArray().Select(static group => group.GetString() ?? ""))})" : "";

    /// <summary>In a cluster that has nothing to do with Azure.</summary>
    private static async Task<ConnectionFinding> TestNodesAsync(ICluster cluster, CancellationToken cancellationToken)
    {
        var nodes = await cluster.GetNodesAsync(cancellationToken);
        return NodeTest.Kinds(nodes).First();
    }

    private static async Task TestRightsAsync(ICluster cluster, string? @namespace, List<ConnectionFinding> findings, CancellationToken cancellationToken)
    {
        var known = new Dictionary<ClusterRight, bool>();
        foreach (var (cmdlet, rights) in ClusterRights.All)
        {
            findings.Add(await LookAsync($"Rights: {cmdlet}", async () =>
            {
                var missing = new List<ClusterRight>();
                foreach (var right in rights)
                {
                    if (!known.TryGetValue(right, out var allowed)) known[right] = allowed = await cluster.IsAllowedAsync(right, right.Resource is "nodes" or "namespaces" ? null : @namespace, cancellationToken);
                    if (!allowed) missing.Add(right);
                }

                return Judge(cmdlet, rights, missing);
            }));
        }
    }

    private static ConnectionFinding Judge(string cmdlet, IReadOnlyList<ClusterRight> rights, List<ClusterRight> missing)
    {
        var check = $"Rights: {cmdlet}";
        if (missing.Count == 0) return new(check, ConnectionSeverity.Ok, $"all {rights.Count} that it needs");
        ClusterRight[] needed = [.. missing.Where(static right => right.Without is null)];
        return needed.Length > 0
            ? new(check, ConnectionSeverity.Warning, $"may not {string.Join(", ", needed)}", "Ask for a role with these rights; the page on access control has it as a whole.")
            : new(check, ConnectionSeverity.Ok, $"all that it needs; without {string.Join(", ", missing)}: {string.Join("; ", missing.Select(static right => right.Without).Distinct())}");
    }

    private static JsonObject Review(ApiResource resource) => new() { ["apiVersion"] = resource.ApiVersion, ["kind"] = resource.Kind };
}
