namespace ChaosPS.Azure;

/// <summary>What one role allows, or one deny assignment denies: the actions that match one of <paramref name="Actions"/> and none of <paramref name="NotActions"/>.</summary>
/// <remarks>Several of them add up. Source: https://learn.microsoft.com/azure/role-based-access-control/role-definitions .</remarks>
/// <param name="Actions">Actions such as <c>Microsoft.Compute/*/read</c>; <c>*</c> stands for anything.</param>
/// <param name="NotActions">What is taken out again.</param>
public sealed record AzureRights(IReadOnlyList<string> Actions, IReadOnlyList<string> NotActions)
{
    /// <summary>Whether an action is among them. Upper and lower case are the same.</summary>
    public bool Covers(string action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Actions.Any(pattern => Matches(pattern, action)) && !NotActions.Any(pattern => Matches(pattern, action));
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> action)
    {
        // The last asterisk takes more and more until the rest fits: no pattern makes this slower than its length times the action's.
        int star = -1, retry = 0, i = 0, j = 0;
        while (j < action.Length)
        {
            if (i < pattern.Length && pattern[i] == '*') (star, retry) = (i++, j);
            else if (i < pattern.Length && char.ToUpperInvariant(pattern[i]) == char.ToUpperInvariant(action[j])) (i, j) = (i + 1, j + 1);
            else if (star >= 0) (i, j) = (star + 1, ++retry);
            else return false;
        }

        return pattern[i..].Trim('*').IsEmpty;
    }
}
