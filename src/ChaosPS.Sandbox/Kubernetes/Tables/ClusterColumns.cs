using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Kubernetes.Tables.TableColumn;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>The columns of nodes, namespaces, events and other parts of the cluster itself.</summary>
internal static class ClusterColumns
{
    private const string RoleLabel = "node-role.kubernetes.io/";

    /// <summary>Nodes.</summary>
    public static TableColumn[] Nodes { get; } =
    [
        ObjectName,
        Text("Status", "Whether the node is ready, and whether pods may be placed on it.", NodeStatus),
        Text("Roles", "The roles that its labels give it.", NodeRoles),
        Age,
        Text("Version", "The version of its kubelet.", row => row.Text("status.nodeInfo.kubeletVersion")),
        Wide("Internal-IP", "Its address inside the network.", row => Address(row, "InternalIP")),
        Wide("External-IP", "Its address outside of the network.", row => Address(row, "ExternalIP")),
        Wide("OS-Image", "Its operating system.", row => row.Text("status.nodeInfo.osImage", "<unknown>")),
        Wide("Kernel-Version", "The version of its kernel.", row => row.Text("status.nodeInfo.kernelVersion", "<unknown>")),
        Wide("Container-Runtime", "The version of its container runtime.", row => row.Text("status.nodeInfo.containerRuntimeVersion", "<unknown>")),
    ];

    /// <summary>Namespaces.</summary>
    public static TableColumn[] Namespaces { get; } = [ObjectName, Text("Status", "Whether the namespace is in use or ends.", row => row.Text("status.phase")), Age];

    /// <summary>Events in both of their forms.</summary>
    public static TableColumn[] Events { get; } =
    [
        Text("Last Seen", "How long ago it happened the last time.", LastSeen),
        Text("Type", "Normal or Warning.", row => row.Text("type")),
        Text("Reason", "Why it happened, in one word.", row => row.Text("reason")),
        Text("Object", "What it is about.", row => $"{About(row, "kind").ToLowerInvariant()}{(About(row, "name") is { Length: > 0 } name ? "/" + name : "")}"),
        Wide("Subobject", "The part of the object that it is about.", row => About(row, "fieldPath")),
        Wide("Source", "Who saw it, and where.", Source),
        Text("Message", "What happened.", row => row.Text("message", row.Text("note")).Trim()),
        Wide("First Seen", "How long ago it happened the first time.", row => row.Since(FirstTime(row))),
        Wide("Count", "How often it happened.", row => Math.Max(1, row.Has("series") ? row.Number("series.count") : row.Number("count") + row.Number("deprecatedCount"))),
        ObjectName with { IsWide = true },
    ];

    /// <summary>Leases.</summary>
    public static TableColumn[] Leases { get; } = [ObjectName, Text("Holder", "Who holds it.", row => row.Text("spec.holderIdentity")), Age];

    /// <summary>Configuration of applications.</summary>
    public static TableColumn[] ConfigMaps { get; } =
        [ObjectName, Text("Data", "How many entries it has.", row => row.Count("data") + row.Count("binaryData")), Age];

    /// <summary>Secrets.</summary>
    public static TableColumn[] Secrets { get; } =
    [
        ObjectName,
        Text("Type", "What the secret is for.", row => row.Text("type", "Opaque")),
        Text("Data", "How many entries it has.", row => row.Count("data")),
        Age,
    ];

    /// <summary>Service accounts.</summary>
    public static TableColumn[] ServiceAccounts { get; } = [ObjectName, Text("Secrets", "How many secrets it has.", row => row.Count("secrets")), Age];

    /// <summary>Quotas.</summary>
    public static TableColumn[] ResourceQuotas { get; } =
    [
        ObjectName,
        Age,
        Text("Request", "What is used, of what may be requested.", row => Quota(row, isLimit: false)),
        Text("Limit", "What is used, of what limits may add up to.", row => Quota(row, isLimit: true)),
    ];

    /// <summary>Priority classes.</summary>
    public static TableColumn[] PriorityClasses { get; } =
    [
        ObjectName,
        Number("Value", "The priority of pods of the class.", row => row.Number("value")),
        Flag("Global-Default", "Whether pods without a class are of this one.", row => row.IsTrue("globalDefault")),
        Age,
        Text("PreemptionPolicy", "Whether its pods may take the place of others.", row => row.Text("preemptionPolicy", "PreemptLowerPriority")),
    ];

    /// <summary>Bindings of roles to users.</summary>
    public static TableColumn[] RoleBindings { get; } =
    [
        ObjectName,
        Text("Role", "The role.", row => $"{row.Text("roleRef.kind")}/{row.Text("roleRef.name")}"),
        Age,
        Wide("Users", "Users that have it.", row => Subjects(row, "User")),
        Wide("Groups", "Groups that have it.", row => Subjects(row, "Group")),
        Wide("ServiceAccounts", "Service accounts that have it.", row => Subjects(row, "ServiceAccount")),
    ];

    private static JsonNode NodeStatus(TableRow row)
    {
        var status = row.Condition("Ready") switch { null => "Unknown", "True" => "Ready", _ => "NotReady" };
        return row.IsTrue("spec.unschedulable") ? status + ",SchedulingDisabled" : status;
    }

    private static JsonNode NodeRoles(TableRow row)
    {
        var labels = row.Find("metadata.labels") as JsonObject ?? [];
        var roles = labels.Select(label => label.Key.StartsWith(RoleLabel, StringComparison.Ordinal) ? label.Key[RoleLabel.Length..]
            : label.Key == "kubernetes.io/role" ? $"{label.Value}" : "");
        return string.Join(',', roles.Where(role => role.Length > 0).Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : TableRow.None;
    }

    private static string Address(TableRow row, string type) =>
        row.Items("status.addresses").FirstOrDefault(address => address.Text("type") == type)?.Text("address") ?? TableRow.None;

    private static string About(TableRow row, string field) => row.Text($"involvedObject.{field}", row.Text($"regarding.{field}"));

    private static DateTimeOffset? FirstTime(TableRow row) => row.Time("firstTimestamp") ?? row.Time("deprecatedFirstTimestamp") ?? row.Time("eventTime");

    private static JsonNode LastSeen(TableRow row) => row.Has("series")
        ? row.Since("series.lastObservedTime")
        : row.Since(row.Time("lastTimestamp") ?? row.Time("deprecatedLastTimestamp") ?? FirstTime(row));

    private static JsonNode Source(TableRow row)
    {
        var component = Field("component", row.Text("reportingComponent", row.Text("reportingController")));
        var host = Field("host", row.Text("reportingInstance"));
        return host.Length == 0 ? component : $"{component}, {host}";

        string Field(string name, string missing) => row.Text($"source.{name}", row.Text($"deprecatedSource.{name}", missing));
    }

    private static string Quota(TableRow row, bool isLimit) => string.Join(", ", (row.Find("status.hard") as JsonObject ?? [])
        .Where(entry => entry.Key.StartsWith("limits.", StringComparison.Ordinal) == isLimit)
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}: {(row.Find("status.used") as JsonObject)?[entry.Key]?.ToString() ?? "0"}/{entry.Value}"));

    private static string Subjects(TableRow row, string kind) => string.Join(", ", row.Items("subjects")
        .Where(subject => subject.Text("kind") == kind)
        .Select(subject => kind == "ServiceAccount" ? $"{subject.Text("namespace")}/{subject.Text("name")}" : subject.Text("name")));
}
