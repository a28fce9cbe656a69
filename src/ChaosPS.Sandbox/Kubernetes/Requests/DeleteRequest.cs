using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>DELETE of one object or of several.</summary>
internal sealed class DeleteRequest
{
    /// <summary>The types whose deletion answers with the object; all others answer with a Status.</summary>
    private static readonly HashSet<string> s_answeredWithObject =
        ["Pod", "Service", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "ResourceQuota", "ServiceAccount"];

    private readonly FaceRequest _request;
    private readonly ResourcePath _path;
    private readonly ObjectStore _store;
    private readonly JsonObject _options;
    private readonly bool _isDryRun;
    private readonly DeletionPropagation _propagation;
    private readonly int? _grace;

    /// <summary>Reads the options from the body and the query.</summary>
    /// <exception cref="StatusException">An option makes no sense.</exception>
    public DeleteRequest(FaceRequest request, ResourcePath path, ObjectStore store)
    {
        _request = request;
        _path = path;
        _store = store;
        _options = RequestBody.Options(request);
        _isDryRun = WriteOptions.Of(request).IsDryRun || (_options["dryRun"] as JsonArray)?.Any(item => item?.ToString() == "All") is true;
        _propagation = Propagation();
        _grace = Grace();
    }

    /// <summary>Deletes the object of the path, or begins to. Answers with it, or with a Status when it is gone.</summary>
    public JsonObject One()
    {
        var item = _store.Get(_path.Type, _path.Namespace ?? "", _path.Name!);
        var last = Delete(item);
        var isThere = _store.Find(item.Type, item.Namespace, item.Name) == item;
        if (isThere && !_isDryRun) return Write(item);
        if ((_path.Type.Definition is null && s_answeredWithObject.Contains(item.Type.Kind)) || isThere) return last;
        var details = new JsonObject { ["name"] = item.Name };
        if (item.Type.Group.Length > 0) details["group"] = item.Type.Group;
        details["kind"] = item.Type.Plural;
        details["uid"] = (string?)last["metadata"]!["uid"];
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }

    /// <summary>Deletes what the selectors choose. Answers with the list of it.</summary>
    public JsonObject Several()
    {
        var list = ListRequest.Answer(_request, _path, _store);
        foreach (var item in Selection.Of(_request, _path, _store).In(_store).ToArray()) Delete(item);
        return list;
    }

    /// <summary>Deletes an object; returns it as it was last.</summary>
    private JsonObject Delete(ApiObject item)
    {
        if (item.IsDerived) throw StatusException.Derived(item.Type, item.Name);
        var json = Write(item);
        CheckPreconditions(item);
        if (_isDryRun) return json;
        _store.Delete(item, _propagation, _grace);
        return json;
    }

    private JsonObject Write(ApiObject item) => JsonParts.Alone(_path.Type, _store.KindOf(_path.Type).Write(item));

    private void CheckPreconditions(ApiObject item)
    {
        if (_options["preconditions"] is not JsonObject preconditions) return;
        if (preconditions["uid"]?.ToString() is { } uid && uid != item.Uid) throw StatusException.UidConflict(item.Type, item.Name, uid, item.Uid ?? "");
        if (preconditions["resourceVersion"]?.ToString() is { } version && version != item.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw StatusException.VersionConflict(item.Type, item.Name, version, item.Version);
        }
    }

    private DeletionPropagation Propagation()
    {
        var text = _request.Query("propagationPolicy") ?? _options["propagationPolicy"]?.ToString();
        if (string.IsNullOrEmpty(text)) return _options["orphanDependents"]?.ToString() == "true" ? DeletionPropagation.Orphan : DeletionPropagation.Background;
        return text is "Background" or "Foreground" or "Orphan"
            ? Enum.Parse<DeletionPropagation>(text)
            : throw StatusException.Invalid(
                new ResourceType("", "v1", "DeleteOptions", "deleteoptions", false), "",
                FieldError.NotSupported("propagationPolicy", text, "Foreground", "Background", "Orphan", "nil"));
    }

    private int? Grace()
    {
        var text = _request.Query("gracePeriodSeconds") ?? _options["gracePeriodSeconds"]?.ToString();
        if (string.IsNullOrEmpty(text)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw StatusException.BadRequest($"gracePeriodSeconds: Invalid value: \"{text}\": must be a non-negative integer");
    }
}
