using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Sessions;

namespace ChaosPS.Completion;

/// <summary>Completes names of the session's sandboxes.</summary>
public sealed class SessionSandboxCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching([.. Session.Current.Sandboxes.Select(static sandbox => sandbox.Name).Distinct()], wordToComplete);
}
