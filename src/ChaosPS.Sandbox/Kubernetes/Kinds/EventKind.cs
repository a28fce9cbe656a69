using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Events: those of the simulation, and those that users write. Both groups show the same ones; the core group's form is the one kept.</summary>
internal sealed class EventKind(ResourceType type, ObjectStore store) : ObjectKind(type, store)
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item)
    {
        var core = item is { Live: SimulatedEvent live, Manifest: null } ? EventWriter.Write(item, live) : base.Write(item);
        return Type == ResourceTypes.NewEvent ? EventWriter.ToNew(core) : core;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Labels(ApiObject item) => item.Manifest is null ? s_noLabels : base.Labels(item);

    /// <inheritdoc/>
    public override string Field(ApiObject item, string field)
    {
        field = EventWriter.CoreField(field);
        if (item.Live is not SimulatedEvent live || item.Manifest is not null) return Field(item.Manifest ?? Write(item), field);
        return field switch
        {
            "involvedObject.kind" => live.InvolvedObject.Kind,
            "involvedObject.name" => live.InvolvedObject.Name,
            "involvedObject.namespace" => live.InvolvedObject.Namespace,
            "involvedObject.uid" => live.InvolvedObject.Uid,
            "reason" => live.Reason,
            "type" => live.Type,
            _ => Field(EventWriter.Write(item, live), field),
        };
    }

    /// <inheritdoc/>
    public override string Field(JsonObject json, string field) => EventWriter.CoreField(field) switch
    {
        "source" => base.Field(json, "source.component") is { Length: > 0 } source ? source : base.Field(json, "reportingComponent"),
        var core => base.Field(json, core),
    };
}
