using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ChaosPS.Safety;

/// <summary>A change before it is made: what was there, and how to put it back. It is plain data, so that another process can read it and finish the undo.</summary>
/// <param name="Held">Whether the change is the user's to end: the end of the run does not undo it.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PowerIntent), "power")]
[JsonDerivedType(typeof(FaultIntent), "fault")]
[JsonDerivedType(typeof(AksIntent), "aks")]
[JsonDerivedType(typeof(ReplicaIntent), "replicas")]
[JsonDerivedType(typeof(AntiAffinityIntent), "antiAffinity")]
[JsonDerivedType(typeof(CordonIntent), "cordon")]
[JsonDerivedType(typeof(DrainIntent), "drain")]
[JsonDerivedType(typeof(TaintIntent), "taint")]
[JsonDerivedType(typeof(PodIntent), "pod")]
[JsonDerivedType(typeof(ObjectCreateIntent), "create")]
[JsonDerivedType(typeof(ObjectChangeIntent), "change")]
[JsonDerivedType(typeof(ObjectDeleteIntent), "delete")]
[JsonDerivedType(typeof(PodCommandIntent), "command")]
[JsonDerivedType(typeof(FileMoveIntent), "fileMove")]
[JsonDerivedType(typeof(FileRemoveIntent), "fileRemove")]
[JsonDerivedType(typeof(FolderIntent), "folder")]
[JsonDerivedType(typeof(ManifestEditIntent), "manifest")]
internal abstract record ChangeIntent(bool Held)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Whether the change is itself a putting back, as what rollbacks do is: the end of the run leaves it as it is.</summary>
    public bool PutsBack { get; init; }

    /// <summary>What is changed, as people know it.</summary>
    [JsonIgnore]
    public abstract string Target { get; }

    /// <summary>What is changed, and nothing else in the cluster: two changes of one identity are changes of the same thing.</summary>
    [JsonIgnore]
    public abstract string Identity { get; }

    /// <summary>Whether <see cref="Identity"/> means one thing in the world, whichever cluster is connected.</summary>
    [JsonIgnore]
    public virtual bool IsUnmistakable => false;

    /// <summary>The resource id of what is changed in Azure; null for what is in Kubernetes.</summary>
    [JsonIgnore]
    public virtual string? AzureId => null;

    /// <summary>What is done to it, in words.</summary>
    [JsonIgnore]
    public abstract string Description { get; }

    /// <summary>What there is to put back.</summary>
    [JsonIgnore]
    public virtual Reversibility Reversibility => Reversibility.Undo;

    /// <summary>The command that puts it back by hand; null when there is nothing to put back.</summary>
    [JsonIgnore]
    public abstract string? Remedy { get; }

    /// <summary>Puts it back. What is as before already is left alone; what somebody else changed meanwhile too.</summary>
    /// <returns>What is left to wait for once everything has been put back; null when nothing is.</returns>
    /// <exception cref="Errors.ChaosException">It could not be put back.</exception>
    public abstract Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken);

    /// <summary>The intent as it stands in the recovery log.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, s_json)!.AsObject();

    /// <summary>Reads an intent of the recovery log; null when a newer version wrote it in a way that this one does not know.</summary>
    public static ChangeIntent? FromJson(JsonObject entry)
    {
        try
        {
            return entry.Deserialize<ChangeIntent>(s_json);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>What there is to put back after a change.</summary>
public enum Reversibility
{
    /// <summary>The undo puts it back.</summary>
    Undo,

    /// <summary>Nothing: it was like that before, or the change is a repair.</summary>
    Nothing,

    /// <summary>It cannot be put back.</summary>
    Impossible,
}
