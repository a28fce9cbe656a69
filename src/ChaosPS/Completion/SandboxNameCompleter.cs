using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Sessions;

namespace ChaosPS.Completion;

/// <summary>Completes names of built-in sandboxes.</summary>
public sealed class SandboxNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(Composer.SandboxNames, wordToComplete);
}
