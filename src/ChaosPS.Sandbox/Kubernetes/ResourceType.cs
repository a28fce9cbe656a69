using System.Runtime.CompilerServices;
using ChaosPS.Sandbox.Kubernetes.Custom;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>A kind of object that the API serves. All of them: <see cref="ResourceTypes"/>.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version of the group, such as <c>v1</c>.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Namespaced">Whether its objects are in namespaces.</param>
internal sealed record ResourceType(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    /// <summary>The name of one, as kubectl takes it.</summary>
    public string Singular { get; init; } = Kind.ToLowerInvariant();

    /// <summary>kubectl's abbreviations.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>The groups of types that kubectl knows it in, such as <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>What can be done with its objects, in alphabetic order.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>What can be asked of one object beside the object itself.</summary>
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];

    /// <summary>What field selectors may ask for, beside name and namespace.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The type that its objects are kept as: itself, unless one kind is served in several forms.</summary>
    public ResourceType Storage
    {
        get => field ?? this;
        init;
    }

    /// <summary>The definition that added it; null for types that the API brings.</summary>
    public CustomDefinition? Definition { get; init; }

    /// <summary>As objects say it: <c>apps/v1</c>, <c>v1</c>.</summary>
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As messages say it: <c>deployments.apps</c>, <c>pods</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>As other messages say it: <c>Deployment.apps</c>, <c>Pod</c>.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    /// <summary>As addresses of lists begin, without a leading slash: <c>apis/apps/v1</c>, <c>api/v1</c>.</summary>
    public string Root => Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";

    /// <summary>Each type is there once, so it is the same only as itself.</summary>
    public bool Equals(ResourceType? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The plural, qualified with the group.</summary>
    public override string ToString() => QualifiedPlural;
}

/// <summary>A part of an object, or an action on it, with a path of its own.</summary>
/// <param name="Name">The last step of the path.</param>
/// <param name="Kind">The kind of what is sent and answered there.</param>
/// <param name="Group">The group of that kind; empty for the core group.</param>
/// <param name="Version">The version of that kind.</param>
/// <param name="Verbs">What can be done with it, in alphabetic order.</param>
internal sealed record Subresource(string Name, string Kind, string Group, string Version, IReadOnlyList<string> Verbs);
