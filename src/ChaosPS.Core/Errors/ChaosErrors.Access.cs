using ChaosPS.Preflight;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A run, or its undo, would be refused by Azure when it is under way.</summary>
    /// <param name="missing">What is missing: each with its action, and the full name of its resource.</param>
    /// <param name="remedies">What gives it.</param>
    public static ChaosException AzureRightsMissing(IEnumerable<string> missing, IEnumerable<string> remedies) => new(
        "AzureRightsMissing", ErrorKind.PermissionDenied,
        $"Not allowed in Azure, and the run or its undo needs it: {string.Join("; ", missing)}. Nothing was changed.",
        $"{string.Join(". ", remedies).TrimEnd('.')}.", null);

    /// <summary>A run, or its undo, would be refused by access control when it is under way.</summary>
    public static ChaosException RightsMissing(string cluster, IReadOnlyList<(ClusterRight Right, string? Namespace)> missing)
    {
        ArgumentNullException.ThrowIfNull(missing);
        var spaces = missing.GroupBy(static item => item.Namespace).ToArray();
        var what = spaces.Select(static space => $"{string.Join(", ", space.Select(static item => item.Right))}{(space.Key is null ? "" : $" in namespace '{space.Key}'")}");
        var rules = spaces.Select(static space =>
            $"{(space.Key is null ? "a ClusterRole" : $"a Role in namespace '{space.Key}'")} with {(space.Count() == 1 ? "the rule" : "the rules")} "
            + string.Join(", ", space.Select(static item => item.Right.Rule)));
        return new(
            "RightsMissing", ErrorKind.PermissionDenied,
            $"Not allowed to {string.Join("; ", what)} in cluster '{cluster}', which the run or its undo needs. Nothing was changed.",
            $"Who may give it: {string.Join("; ", rules)}. The page on access control has what each activity needs.", null);
    }
}
