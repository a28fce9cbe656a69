using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Store;

/// <summary>An object of the API: what somebody wrote, and its life in the simulation. Its JSON is made when somebody wants to see it.</summary>
/// <param name="type">What it is.</param>
/// <param name="namespace">Its namespace; empty for objects of the cluster.</param>
/// <param name="name">Its name.</param>
internal sealed class ApiObject(ResourceType type, string @namespace, string name)
{
    /// <summary>What it is.</summary>
    public ResourceType Type { get; } = type;

    /// <summary>Its namespace; empty for objects of the cluster.</summary>
    public string Namespace { get; } = @namespace;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Where it stands in a list: as etcd orders its keys.</summary>
    public string Key { get; } = type.Namespaced ? $"{@namespace}/{name}" : name;

    /// <summary>
    /// The object as it was written, with kind and apiVersion; null for one that only a controller of the simulation made.
    /// Nothing that a user wrote is lost, whether the simulation knows the field or not. Never changed in place.
    /// </summary>
    public JsonObject? Manifest { get; set; }

    /// <summary>What the simulation has of it; null when it has nothing.</summary>
    public SimulatedObject? Live { get; set; }

    /// <summary>The pod template that a controller made it from; null for all others. Never changed in place.</summary>
    public JsonObject? Template { get; set; }

    /// <summary>The number of its last change in the sequence that all objects share.</summary>
    public long Version { get; set; }

    /// <summary>The uid: the simulation's, where this is the object itself and not something beside it.</summary>
    public string? Uid => Live is { } live && live.Kind == Type.Kind ? live.Uid : (string?)Manifest?["metadata"]?["uid"];

    /// <summary>Whether it only shows what the simulation has of something else, as endpoints show pods: nobody but a controller writes it.</summary>
    public bool IsDerived => Live is { } live && live.Kind != Type.Kind;

    /// <summary>kind/namespace/name.</summary>
    public override string ToString() => $"{Type.Kind}/{Key}";
}
