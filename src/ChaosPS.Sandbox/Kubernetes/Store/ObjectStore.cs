using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Kinds;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Store;

/// <summary>
/// The objects of the API, each one the join of what somebody wrote and what the simulation made of it. It follows the simulation:
/// what that makes, changes and removes, appears, changes and goes here in the same step, with the same version.
/// </summary>
internal sealed partial class ObjectStore
{
    private static readonly Dictionary<string, ResourceType> s_byKind =
        ResourceTypes.All.Where(type => type != ResourceTypes.NewEvent).ToDictionary(type => type.Kind);

    /// <summary>etcd forgets the past every five minutes.</summary>
    private static readonly TimeSpan s_compaction = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_markInterval = TimeSpan.FromSeconds(10);

    private readonly List<(DateTimeOffset Time, long Version)> _marks = [];
    private readonly Dictionary<ResourceType, ObjectTable> _tables = [];
    private readonly Dictionary<ResourceType, ObjectKind> _kinds;
    private readonly Dictionary<ResourceType, ChangeHistory> _histories = [];
    private readonly Dictionary<string, List<ApiObject>> _dependents = [];

    /// <summary>Begins with the manifests and the simulation in step.</summary>
    public ObjectStore(SandboxSource source, StableId ids, ClusterSimulation simulation)
    {
        Ids = ids;
        Simulation = simulation;
        Cluster = source.Snapshot.Cluster;
        foreach (var type in ResourceTypes.All.Where(type => type.Storage == type)) _tables.Add(type, new ObjectTable());
        _kinds = ObjectKinds.All(this);

        // Definitions before what is of their kinds.
        foreach (var manifest in source.Manifests.All.OrderBy(static manifest => (string)manifest["kind"]! == ResourceTypes.CustomResourceDefinition.Kind ? 0 : 1)) Load(manifest);

        // Owners before what they own: that takes its template from them.
        SimulatedObject[] living =
        [
            .. simulation.Nodes, .. simulation.Deployments, .. simulation.OtherWorkloads, .. simulation.ReplicaSets, .. simulation.Jobs, .. simulation.Pods,
            .. simulation.Autoscalers, .. simulation.VolumeClaims, .. simulation.DisruptionBudgets, .. simulation.Services, .. simulation.Events,
        ];
        foreach (var target in living)
        {
            foreach (var face in FacesOf(target)) Join(face, target);
        }

        foreach (var item in List(ResourceTypes.Namespace, null)) AddDefaultAccount(item.Name);
        simulation.Changed += Follow;
    }

    /// <summary>The cluster's life.</summary>
    public ClusterSimulation Simulation { get; }

    /// <summary>The types that are served at the moment.</summary>
    public ServedTypes Types { get; } = new();

    /// <summary>The types that objects are kept as.</summary>
    public IReadOnlyCollection<ResourceType> StoredTypes => _tables.Keys;

    /// <summary>Ids for what the simulation does not name.</summary>
    public StableId Ids { get; }

    /// <summary>Which cluster it is.</summary>
    public ClusterIdentity Cluster { get; }

    /// <summary>The state of some minutes ago: pages of lists that began before it are no longer continued.</summary>
    public long CompactedVersion => _marks.FindLast(mark => mark.Time <= Simulation.Now - s_compaction).Version;

    /// <summary>Finds an object; null when there is none, or when its type has gone with its definition.</summary>
    public ApiObject? Find(ResourceType type, string @namespace, string name) => _tables.GetValueOrDefault(type.Storage)?.Find(@namespace, name);

    /// <summary>Finds an object.</summary>
    /// <exception cref="StatusException">There is none.</exception>
    public ApiObject Get(ResourceType type, string @namespace, string name) =>
        Find(type, @namespace, name) ?? throw StatusException.NotFound(type, name);

    /// <summary>The objects of a type, of one namespace or of all (null), in the order of their keys, after one of them.</summary>
    public IEnumerable<ApiObject> List(ResourceType type, string? @namespace, string after = "") => Table(type).List(@namespace, after);

    /// <summary>The objects that name one as an owner.</summary>
    public IReadOnlyList<ApiObject> DependentsOf(ApiObject owner) => _dependents.TryGetValue(owner.Uid ?? "", out var found) ? [.. found] : [];

    /// <summary>What the objects of a type can do.</summary>
    public ObjectKind KindOf(ResourceType type) => _kinds.GetValueOrDefault(type) ?? _kinds[type.Storage];

    /// <summary>An object's JSON as it stands alone: with kind and apiVersion. A new one every time.</summary>
    public JsonObject Write(ApiObject item) => JsonParts.Alone(item.Type, KindOf(item.Type).Write(item));

    /// <summary>The changes of a type from now on. Somebody has looked at objects of it, and may go on with a watch.</summary>
    public ChangeHistory History(ResourceType type)
    {
        type = type.Storage;
        if (!_histories.TryGetValue(type, out var history)) _histories.Add(type, history = new ChangeHistory(Simulation.ResourceVersion));
        return history;
    }

    /// <summary>Takes a new object in and lets the simulation have its part of it.</summary>
    public void Create(ApiObject item)
    {
        Insert(item);
        KindOf(item.Type).Create(item);
        item.Manifest!["metadata"]!["uid"] ??= item.Uid ?? Ids.Uid($"{item}/{Simulation.ResourceVersion}");
        if (item.Version == 0) Commit(ChangeType.Added, item);
        if (item.Type == ResourceTypes.Namespace) AddDefaultAccount(item.Name);
    }

    /// <summary>Gives an object a new manifest and lets the simulation have its part of that.</summary>
    public void Update(ApiObject item, JsonObject manifest)
    {
        var old = item.Manifest ?? Write(item);
        var version = item.Version;
        Unlink(item);
        item.Manifest = manifest;
        Link(item);
        KindOf(item.Type).Update(item, old);
        if (item.Version != version) return;
        if (item.Live is { } live && live.Kind == item.Type.Kind && live is not SimulatedService) Simulation.Touch(live);
        else Commit(ChangeType.Modified, item);
    }

    /// <summary>Takes away an object that the simulation has no part of, or no longer.</summary>
    public void Remove(ApiObject item)
    {
        var table = Table(item.Type);
        if (table.Find(item.Namespace, item.Name) != item) return;
        Commit(ChangeType.Deleted, item);
        Drop(item);
    }

    /// <summary>Finds a namespace; null when there is none.</summary>
    public ApiObject? FindNamespace(string name) => Find(ResourceTypes.Namespace, "", name);

    /// <summary>Whether nothing is left in a namespace but the news of what happened there.</summary>
    public bool IsEmpty(string @namespace) =>
        _tables.All(table => !table.Key.Namespaced || table.Key == ResourceTypes.Event || !table.Value.List(@namespace).Any());

    private ObjectTable Table(ResourceType type) => _tables[type.Storage];

    private void Load(JsonObject manifest)
    {
        var metadata = manifest["metadata"]!;
        var (apiVersion, kind) = ((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        if ((ResourceTypes.OfKind(apiVersion, kind) ?? CustomOf(apiVersion, kind)) is not { } type) return;
        var @namespace = type.Namespaced ? (string?)metadata["namespace"] ?? "default" : "";
        if (type.Definition is not null && type.Namespaced) metadata["namespace"] = @namespace;
        var item = new ApiObject(type, @namespace, (string)metadata["name"]!) { Manifest = manifest, Version = Simulation.ResourceVersion };
        Insert(item);
        if (type == ResourceTypes.CustomResourceDefinition) Define(item);
    }

    /// <summary>Every namespace has the account that pods get which name none.</summary>
    private void AddDefaultAccount(string @namespace)
    {
        if (Find(ResourceTypes.ServiceAccount, @namespace, "default") is not null) return;
        var created = FindNamespace(@namespace)!.Manifest!["metadata"]!["creationTimestamp"];
        Create(new ApiObject(ResourceTypes.ServiceAccount, @namespace, "default")
        {
            Manifest = new JsonObject
            {
                ["kind"] = "ServiceAccount",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject
                {
                    ["name"] = "default",
                    ["namespace"] = @namespace,
                    ["uid"] = Ids.Uid($"ServiceAccount/{@namespace}/default"),
                    ["creationTimestamp"] = created?.DeepClone(),
                },
            },
        });
    }

    private void Insert(ApiObject item)
    {
        Table(item.Type).Add(item);
        Link(item);
    }

    private void Drop(ApiObject item)
    {
        Table(item.Type).Remove(item);
        Unlink(item);
        KindOf(item.Type).Follow(item, ChangeType.Deleted);
        foreach (var dependent in DependentsOf(item)) KindOf(dependent.Type).OwnerGone(dependent, item.Uid!);
        if (item.Namespace.Length > 0 && FindNamespace(item.Namespace) is { } home) KindOf(home.Type).ContentGone(home);
    }

    /// <summary>A change that only this store knows of takes a number of the sequence that the simulation counts.</summary>
    private void Commit(ChangeType type, ApiObject item)
    {
        item.Version = Simulation.TakeResourceVersion();
        Record(type, item);
    }

    private void Record(ChangeType type, ApiObject item)
    {
        if (_marks.Count == 0 || Simulation.Now - _marks[^1].Time >= s_markInterval) _marks.Add((Simulation.Now, item.Version));
        else _marks[^1] = (_marks[^1].Time, item.Version);
        while (_marks.Count > 1 && _marks[1].Time <= Simulation.Now - s_compaction) _marks.RemoveAt(0);
        if (_histories.TryGetValue(item.Type, out var history)) history.Add(type, item, Write(item));
    }

    private void Follow(ObjectChange change)
    {
        var target = change.Target;
        foreach (var face in FacesOf(target))
        {
            // A Service has no part in the changes of its endpoints, nor a Lease in those of its node.
            if (change.Type == ChangeType.Modified && (face.Type == ResourceTypes.Service || face.Type == ResourceTypes.Lease)) continue;
            var item = change.Type == ChangeType.Added ? Join(face, target) : Find(face.Type, face.Namespace, face.Name);
            if (item is null || item.Live != target) continue;
            item.Version = target.ResourceVersion;
            if (change.Type == ChangeType.Modified) KindOf(item.Type).Follow(item, change.Type);
            Record(change.Type, item);
            if (change.Type == ChangeType.Deleted) Drop(item);
        }
    }

    /// <summary>Where the API shows an object of the simulation.</summary>
    private static (ResourceType Type, string Namespace, string Name)[] FacesOf(SimulatedObject target) => target switch
    {
        SimulatedNode => [(ResourceTypes.Node, "", target.Name), (ResourceTypes.Lease, NodeWriter.LeaseNamespace, target.Name)],
        SimulatedEvent item => [(ResourceTypes.Event, EventWriter.NamespaceOf(item), item.Name)],
        SimulatedService service =>
        [
            (ResourceTypes.EndpointSlice, service.Namespace, service.SliceName),
            (ResourceTypes.Endpoints, service.Namespace, service.Name),
            (ResourceTypes.Service, service.Namespace, service.Name),
        ],
        _ => [(s_byKind[target.Kind], target.Namespace, target.Name)],
    };

    /// <summary>Joins an object of the simulation with what was written of it, if anything was.</summary>
    private ApiObject? Join((ResourceType Type, string Namespace, string Name) face, SimulatedObject target)
    {
        // News of a namespace that is gone has no place any more.
        if (face.Type == ResourceTypes.Event && FindNamespace(face.Namespace) is null) return null;
        var item = Find(face.Type, face.Namespace, face.Name);
        if (item is null) Insert(item = new ApiObject(face.Type, face.Namespace, face.Name));
        item.Live = target;
        item.Version = target.ResourceVersion;
        KindOf(item.Type).Follow(item, ChangeType.Added);
        return item;
    }

    private void Link(ApiObject item)
    {
        foreach (var uid in OwnersOf(item))
        {
            if (!_dependents.TryGetValue(uid, out var dependents)) _dependents.Add(uid, dependents = []);
            dependents.Add(item);
        }
    }

    private void Unlink(ApiObject item)
    {
        foreach (var uid in OwnersOf(item))
        {
            if (_dependents.TryGetValue(uid, out var dependents) && dependents.Remove(item) && dependents.Count == 0) _dependents.Remove(uid);
        }
    }

    private static IEnumerable<string> OwnersOf(ApiObject item) =>
        (item.Manifest?["metadata"]?["ownerReferences"] as JsonArray ?? []).Select(reference => (string?)reference?["uid"]).OfType<string>().Distinct();
}
