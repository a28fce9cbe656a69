using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Kinds;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using ChaosPS.Sandbox.Kubernetes.Ownership;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>POST, PUT and PATCH of objects and of their status.</summary>
internal sealed class WriteRequest
{
    private const string ApplyType = "application/apply-patch+yaml";

    /// <summary>What the server keeps, whatever a client writes there.</summary>
    private static readonly string[] s_serverFields =
        ["uid", "creationTimestamp", "generation", "resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"];

    private readonly FaceRequest _request;
    private readonly ResourcePath _path;
    private readonly ObjectStore _store;
    private readonly ObjectKind _kind;
    private readonly WriteOptions _options;
    private readonly string _now;

    /// <summary>Reads the parameters.</summary>
    public WriteRequest(FaceRequest request, ResourcePath path, ObjectStore store)
    {
        _request = request;
        _path = path;
        _store = store;
        _kind = store.KindOf(path.Type);
        _options = WriteOptions.Of(request);
        _now = ApiTime.Text(store.Simulation.Now);
    }

    private ResourceType Type => _path.Type;

    private bool IsStatus => _path.Subresource == "status";

    private bool HasStatus => Type.Subresources.Any(part => part.Name == "status");

    /// <summary>Makes the object that a POST brings.</summary>
    public JsonObject Create() => Create(RequestBody.Read(_request, Type), null);

    /// <summary>Replaces an object by what a PUT brings, or patches it.</summary>
    public (HttpStatusCode Status, JsonObject Json) Change()
    {
        var (@namespace, name) = (_path.Namespace ?? "", _path.Name!);
        var isPut = _request.Method == HttpMethod.Put;
        var isApply = !isPut && _request.ContentType == ApplyType;
        var item = _store.Find(Type, @namespace, name);
        if (item is null && isApply && !IsStatus) return (HttpStatusCode.Created, ApplyNew(@namespace, name));

        if (item is { IsDerived: true }) throw StatusException.Derived(Type, name);
        var current = Current(item ?? throw StatusException.NotFound(Type, name));
        var wanted = isPut ? RequestBody.Read(_request, Type)
            : isApply ? ServerSideApply.Apply(current, Applied(), Owner("Apply"), _request.IsSet("force"), _now)
            : RequestBody.Patch(_request, current, Type);
        CheckIdentity(wanted, current);
        if (isPut && Type.Definition is not null && wanted["metadata"]!["resourceVersion"] is null)
            throw StatusException.Invalid(Type, name, FieldError.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update"));
        return (HttpStatusCode.OK, Store(item, current, wanted, isApply));
    }

    /// <summary>Checks an object's new version and, unless it is a dry run, makes it the present one. Returns it as it then is.</summary>
    public JsonObject Store(ApiObject item, JsonObject current, JsonObject wanted, bool isApply)
    {
        var before = (JsonObject)current.DeepClone();
        Settle(before, current, before);
        _kind.Complete(before, current);
        CheckShape(wanted);
        Settle(wanted, current, IsStatus ? wanted : current);
        _kind.Complete(wanted, current);
        Refuse(_kind.Check(wanted, before));

        if (!isApply)
        {
            var managed = ManagedFields.Of(before);
            managed.Updated(Owner("Update"), before, wanted, _now);
            SetManagedFields(wanted, managed.ToJson());
        }

        if (CanonicalJson.AreEqual(before, wanted)) return current;
        var isNewGeneration = _kind.CountsGenerations && !CanonicalJson.AreEqual(before["spec"], wanted["spec"]);
        if (_options.IsDryRun) return Preview(wanted, current, isNewGeneration);
        if (item.Live is null && wanted["metadata"]!["generation"] is { } generation && !SameButMetadata(before, wanted)) wanted["metadata"]!["generation"] = long.Parse(generation.ToString(), CultureInfo.InvariantCulture) + 1;
        wanted = AsStored(wanted);
        _store.Update(item, wanted);
        if (IsOnlyHeldByFinalizers(wanted)) _kind.Delete(item, DeletionPropagation.Background, null);
        return _store.Find(item.Type, item.Namespace, item.Name) == item ? Current(item) : wanted;
    }

    private JsonObject Current(ApiObject item) => JsonParts.Alone(Type, _kind.Write(item));

    private Owner Owner(string operation) => new(_options.Manager, operation, Type.ApiVersion, _path.Subresource ?? "");

    private JsonObject Applied()
    {
        if (string.IsNullOrEmpty(_request.Query("fieldManager")))
        {
            throw StatusException.Invalid(
                new ResourceType("meta.k8s.io", "v1", "PatchOptions", "patchoptions", false), "", FieldError.Required("fieldManager", "is required for apply patch"));
        }

        var applied = RequestBody.ReadObject(_request);
        RequestBody.CheckKind(applied, Type);
        if (applied["metadata"] is not JsonObject metadata) throw RequestBody.Unreadable(applied, "metadata is no object");
        if (metadata["managedFields"] is JsonArray { Count: > 0 }) throw StatusException.BadRequest("metadata.managedFields must be nil");
        new Shape(applied).Metadata(metadata);
        return applied;
    }

    private JsonObject ApplyNew(string @namespace, string name)
    {
        var applied = Applied();
        var metadata = applied["metadata"]!.AsObject();
        metadata["name"] ??= name;
        if ((string?)metadata["name"] != name) throw Mismatch("name", metadata["name"], name);
        if (Type.Namespaced) metadata["namespace"] ??= @namespace;
        var managed = ManagedFields.Of([]);
        managed.Applied(Owner("Apply"), FieldSet.Of(ManagedFields.Ownable(applied), ApiPlace.Of(applied)), new FieldSet(), _now);
        return Create(applied, managed);
    }

    private JsonObject Create(JsonObject wanted, ManagedFields? managed)
    {
        CheckShape(wanted);
        var metadata = wanted["metadata"]!.AsObject();
        var @namespace = "";
        if (Type.Namespaced)
        {
            @namespace = _path.Namespace ?? throw StatusException.MethodNotAllowed();
            if (((string?)metadata["namespace"] ?? @namespace) != @namespace) throw StatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
            metadata["namespace"] = @namespace;
        }
        else
        {
            metadata.Remove("namespace");
        }

        if ((string?)metadata["resourceVersion"] is { Length: > 0 }) throw StatusException.Internal("resourceVersion should not be set on objects to be created");
        var name = NameOf(metadata);
        CheckNamespace(@namespace, name);

        Array.ForEach(s_serverFields, field => metadata.Remove(field));
        metadata["creationTimestamp"] = _now;
        var hasGeneration = Type.Definition is not null || wanted["spec"] is not null && Type.Kind is not ("Node" or "Namespace" or "Service" or "PersistentVolume" or "PersistentVolumeClaim" or "Lease");
        if (hasGeneration) metadata["generation"] = 1;
        if (HasStatus && Type != ResourceTypes.Node) wanted.Remove("status");
        _kind.Complete(wanted, null);
        Refuse(_kind.Check(wanted, null), name);
        if (_store.Find(Type, @namespace, name) is not null) throw StatusException.AlreadyExists(Type, name);

        if (managed is null)
        {
            managed = ManagedFields.Of([]);
            managed.Updated(Owner("Update"), [], wanted, _now);
        }

        SetManagedFields(wanted, managed.ToJson());
        if (_options.IsDryRun)
        {
            metadata["uid"] = _store.Ids.Uid($"dry run/{Type}/{@namespace}/{name}");
            return wanted;
        }

        var item = new ApiObject(Type.Storage, @namespace, name) { Manifest = AsStored(wanted) };
        _store.Create(item);
        return Current(item);
    }

    /// <summary>The name, or one that begins as the client wants.</summary>
    private string NameOf(JsonObject metadata)
    {
        var name = (string?)metadata["name"] ?? "";
        if (name.Length == 0 && (string?)metadata["generateName"] is { Length: > 0 } beginning)
        {
            const string Letters = "bcdfghjklmnpqrstvwxz2456789";
            var digest = _store.Ids.Digest($"{Type}/{beginning}/{_store.Simulation.ResourceVersion}");
            name = beginning + string.Concat(Enumerable.Range(0, 5).Select(at => Letters[Convert.ToInt32(digest.Substring(at * 2, 2), 16) % Letters.Length]));
            metadata["name"] = name;
        }

        return name;
    }

    private void CheckNamespace(string @namespace, string name)
    {
        if (!Type.Namespaced) return;
        var home = _store.FindNamespace(@namespace) ?? throw StatusException.NotFound(ResourceTypes.Namespace, @namespace);
        if (NamespaceKind.IsTerminating(home)) throw StatusException.NamespaceTerminating(Type, name, @namespace);
    }

    private void CheckShape(JsonObject manifest)
    {
        var shape = new Shape(manifest);
        shape.Metadata(shape.Need(manifest, "metadata"));
        _kind.CheckShape(shape, manifest);
    }

    private void Refuse(IEnumerable<FieldError> errors, string? newName = null)
    {
        List<FieldError> all = [];
        if (newName is { Length: 0 }) all.Add(FieldError.Required("metadata.name", "name or generateName is required"));
        else if (newName is not null && NameRules.Check(Type, newName) is { } why) all.Add(FieldError.Invalid("metadata.name", $"\"{newName}\"", why));
        all.AddRange(errors);
        if (all.Count > 0) throw StatusException.Invalid(Type, newName ?? _path.Name!, all);
    }

    /// <summary>Refuses what speaks of another object, or of an older version of it.</summary>
    private void CheckIdentity(JsonObject wanted, JsonObject current)
    {
        if (wanted["metadata"] is not JsonObject metadata) throw RequestBody.Unreadable(current, "metadata is no object");
        var known = current["metadata"]!;
        var name = (string)known["name"]!;
        foreach (var field in new[] { "name", "namespace" })
        {
            metadata[field] ??= known[field]?.DeepClone();
            if (metadata[field]?.ToString() != known[field]?.ToString()) throw Mismatch(field, metadata[field], known[field]!);
        }

        if (metadata["uid"]?.ToString() is { Length: > 0 } uid && uid != known["uid"]?.ToString())
        {
            throw StatusException.UidConflict(Type, name, uid, known["uid"]?.ToString() ?? "");
        }

        if (metadata["resourceVersion"]?.ToString() is { Length: > 0 } version && version != known["resourceVersion"]?.ToString())
        {
            throw StatusException.Conflict(Type, name);
        }
    }

    private static StatusException Mismatch(string field, JsonNode? found, JsonNode expected) =>
        StatusException.BadRequest($"the {field} of the object ({found}) does not match the {field} on the URL ({expected})");

    /// <summary>Gives an object what is the server's: metadata, and the status unless that is what is written.</summary>
    private void Settle(JsonObject json, JsonObject current, JsonObject statusOf)
    {
        if (IsStatus && json != current)
        {
            // Of what is sent to the subresource only the status counts.
            foreach (var name in current.Select(member => member.Key).Union(json.Select(member => member.Key)).Where(name => name is not ("status" or "metadata")).ToArray())
            {
                json.Remove(name);
                if (current[name] is { } kept) json[name] = kept.DeepClone();
            }
        }

        var metadata = json["metadata"]!.AsObject();
        foreach (var field in s_serverFields)
        {
            metadata.Remove(field);
            if (field != "resourceVersion" && current["metadata"]![field] is { } kept) metadata[field] = kept.DeepClone();
        }

        if (!HasStatus) return;
        var status = statusOf["status"]?.DeepClone();
        json.Remove("status");
        if (_kind.KeepsStatus && status is not null) json["status"] = status;
    }

    private static void SetManagedFields(JsonObject json, JsonArray? managed)
    {
        var metadata = json["metadata"]!.AsObject();
        metadata.Remove("managedFields");
        if (managed is not null) metadata["managedFields"] = managed;
    }

    /// <summary>What a dry run answers: the new version with what the server has of the present one.</summary>
    private static JsonObject Preview(JsonObject wanted, JsonObject current, bool isNewGeneration)
    {
        var preview = (JsonObject)wanted.DeepClone();
        var metadata = preview["metadata"]!.AsObject();
        metadata["resourceVersion"] = current["metadata"]!["resourceVersion"]?.DeepClone();
        if (isNewGeneration && metadata["generation"] is { } generation) metadata["generation"] = long.Parse(generation.ToString(), CultureInfo.InvariantCulture) + 1;
        if (preview["status"] is null && current["status"] is { } status) preview["status"] = status.DeepClone();
        return preview;
    }

    private static bool SameButMetadata(JsonObject left, JsonObject right)
    {
        return CanonicalJson.AreEqual(Rest(left), Rest(right));

        static JsonObject Rest(JsonObject json)
        {
            var rest = (JsonObject)json.DeepClone();
            rest.Remove("metadata");
            rest.Remove("status");
            return rest;
        }
    }

    private static bool IsOnlyHeldByFinalizers(JsonObject manifest) =>
        manifest["metadata"]!["deletionTimestamp"] is not null && manifest["metadata"]!["finalizers"] is not JsonArray { Count: > 0 };

    private JsonObject AsStored(JsonObject json)
    {
        if (Type != ResourceTypes.NewEvent) return json;
        var core = EventWriter.ToCore(json);
        core["apiVersion"] = ResourceTypes.Event.ApiVersion;
        return core;
    }
}
