using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Objects of a kind that a definition has added: they are kept as they were written, and nothing acts on them.</summary>
internal sealed class CustomKind(ResourceType type, ObjectStore store, ApiObject definition) : ObjectKind(type, store)
{
    /// <inheritdoc/>
    public override bool CountsGenerations => true;

    /// <inheritdoc/>
    public override void Complete(JsonObject manifest, JsonObject? old)
    {
        if (old is null && DefinitionKind.IsTerminating(definition)) throw StatusException.DefinitionTerminating();
    }

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        if (change == ChangeType.Deleted) Store.KindOf(definition.Type).ContentGone(definition);
    }
}
