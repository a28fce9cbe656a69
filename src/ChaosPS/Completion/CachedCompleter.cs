using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Errors;
using ChaosPS.Sessions;

namespace ChaosPS.Completion;

/// <summary>Completes an argument with names that have to be read. What cannot be read within two seconds completes nothing, and nothing is said.</summary>
public abstract class CachedCompleter : IArgumentCompleter
{
    // A Tab that hangs is worse than one that does nothing, and names seldom change while somebody types.
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        try
        {
            var session = Session.Current;
            var scope = GetScope(fakeBoundParameters);
            return CompletionText.Matching(session.Completions.GetOrAdd((GetType(), scope), () => Read(session, scope)), wordToComplete);
        }
        catch (Exception exception) when (exception is ChaosException or OperationCanceledException or TimeoutException)
        {
            return [];
        }
    }

    /// <summary>What of the other arguments decides which names there are; null when nothing does.</summary>
    private protected virtual string? GetScope(IDictionary bound) => null;

    /// <summary>Reads the names.</summary>
    private protected abstract Task<IEnumerable<string?>> ReadAsync(Session session, string? scope, CancellationToken cancellationToken);

    private IReadOnlyList<string> Read(Session session, string? scope)
    {
        using var limit = new CancellationTokenSource(s_budget);
        var names = Task.Run(() => ReadAsync(session, scope, limit.Token)).WaitAsync(limit.Token).GetAwaiter().GetResult();
        return [.. names.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }
}
