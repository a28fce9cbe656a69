namespace ChaosPS.Azure;

/// <summary>What Azure denies whatever the roles allow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scope">Where it counts.</param>
/// <param name="Permissions">What it denies.</param>
/// <param name="Principals">The object ids that it is for.</param>
/// <param name="ExcludedPrincipals">The object ids that it is not for.</param>
/// <param name="OnlyThere">Whether it counts for its scope only, and not for what is in it.</param>
/// <param name="HasGroups">Whether there are groups among either, whose members are not known here.</param>
public sealed record AzureDenyAssignment(
    string Name, string Scope, IReadOnlyList<AzureRights> Permissions, IReadOnlyList<string> Principals, IReadOnlyList<string> ExcludedPrincipals,
    bool OnlyThere, bool HasGroups)
{
    /// <summary>The id that stands for everybody: https://learn.microsoft.com/azure/role-based-access-control/deny-assignments .</summary>
    public const string Everyone = "00000000-0000-0000-0000-000000000000";

    /// <summary>Whether it denies an action on a resource.</summary>
    public bool Denies(string action, string resourceId)
    {
        ArgumentNullException.ThrowIfNull(resourceId);
        return Permissions.Any(permission => permission.Covers(action)) && (Scope.Equals(resourceId, StringComparison.OrdinalIgnoreCase)
            || (!OnlyThere && resourceId.StartsWith($"{Scope.TrimEnd('/')}/", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Whether it is for somebody; null when that depends on a group.</summary>
    /// <param name="objectId">Who; null when it is not known.</param>
    public bool? IsFor(string? objectId)
    {
        if (objectId is not null && ExcludedPrincipals.Contains(objectId, StringComparer.OrdinalIgnoreCase)) return false;
        if (Principals.Contains(Everyone) || (objectId is not null && Principals.Contains(objectId, StringComparer.OrdinalIgnoreCase)))
            return HasGroups || (objectId is null && ExcludedPrincipals.Count > 0) ? null : true;
        return HasGroups || objectId is null ? null : false;
    }
}
