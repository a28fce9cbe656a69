using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ChaosPS.Completion;

/// <summary>Completes the error codes of Azure that a sandbox refuses with. No sandbox is asked.</summary>
public sealed class RefusalCodeCompleter : IArgumentCompleter
{
    private static readonly string[] s_codes =
    [
        "AllocationFailed", "AnotherOperationInProgress", "AuthorizationFailed", "DenyAssignmentAuthorizationFailed",
        "ExpiredAuthenticationToken", "InternalServerError", "OperationNotAllowed", "OverconstrainedAllocationRequest",
        "OverconstrainedZonalAllocationRequest", "QuotaExceeded", "RequestDisallowedByPolicy", "ScopeLocked",
        "SkuNotAvailable", "SubscriptionRequestsThrottled", "TooManyRequests", "ZonalAllocationFailed",
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(s_codes, wordToComplete);
}
