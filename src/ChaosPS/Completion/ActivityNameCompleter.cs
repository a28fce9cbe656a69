using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Experiments;

namespace ChaosPS.Completion;

/// <summary>Completes names of activities. No cluster is asked.</summary>
public sealed class ActivityNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(ActivityCatalogue.All.Select(static activity => activity.Name), wordToComplete);
}
