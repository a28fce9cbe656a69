using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sessions;
using ChaosPS.Time;

namespace ChaosPS.Completion;

/// <summary>Completes an argument with names that the cluster knows. A cluster that does not answer within two seconds completes nothing.</summary>
public abstract class ClusterCompleter : IArgumentCompleter
{
    // A Tab that hangs is worse than one that does nothing, and names seldom change while somebody types.
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var session = Session.Current;
            var names = session.Completions.GetOrAdd(GetType(), () => Read(session.Open(), fakeBoundParameters));
            return CompletionText.Matching(names, wordToComplete);
        }
        catch (Exception exception) when (exception is ChaosException or OperationCanceledException or TimeoutException)
        {
            return [];
        }
    }

    /// <summary>Reads the names.</summary>
    private protected abstract Task<IEnumerable<string?>> ReadAsync(ChaosConnection connection, CancellationToken cancellationToken);

    private IReadOnlyList<string> Read(ChaosConnection connection, IDictionary bound)
    {
        using var limit = new CancellationTokenSource(s_budget);
        var names = Task.Run(() => connection.Time.RunAsync(() => ReadAsync(connection, limit.Token))).WaitAsync(limit.Token).GetAwaiter().GetResult();
        return [.. names.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }
}
