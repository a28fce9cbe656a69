using System.Text.Json.Nodes;

namespace ChaosPS.Clusters;

/// <summary>How a patch says what is to be changed.</summary>
public enum PatchKind
{
    /// <summary>RFC 7386: members are set, null takes them away, lists are replaced as a whole.</summary>
    Merge,

    /// <summary>The API's own: lists of its own kinds are merged by their keys. Custom resources have none.</summary>
    Strategic,

    /// <summary>RFC 6902: a list of operations.</summary>
    Json,
}

/// <summary>A change of an object.</summary>
/// <param name="Kind">How it is written.</param>
/// <param name="Body">The patch; it is not changed.</param>
public sealed record ObjectPatch(PatchKind Kind, JsonNode Body);
