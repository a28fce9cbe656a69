using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Sessions;

namespace ChaosPS.Completion;

/// <summary>Completes the sizes that the nodes of a sandbox can have.</summary>
public sealed class NodeSizeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(Composer.NodeSizes, wordToComplete);
}
