using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Errors;
using ChaosPS.Safety;

namespace ChaosPS.Completion;

/// <summary>Completes ids of recorded runs, newest first. They are files of this machine, so nothing is kept.</summary>
public sealed class RunIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        try
        {
            return CompletionText.Matching([.. new RunStore(fakeBoundParameters["StatePath"]?.ToString()).List().Reverse().Select(static run => run.RunId)], wordToComplete);
        }
        catch (ChaosException)
        {
            return [];
        }
    }
}
