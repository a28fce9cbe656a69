using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Simulation;

namespace ChaosPS.Completion;

/// <summary>Completes the options of a sandbox's simulation, each with its usual value: <c>@{ NodeMonitorGracePeriod = '50s' }</c>.</summary>
public sealed class SimulationOptionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        SimulationOptions usual = new();
        return
        [
            .. CompletionText.Matching(SimulationSettings.Names, wordToComplete).Select(name =>
            {
                var value = SimulationSettings.Text(usual, name.ListItemText);
                return new CompletionResult($"@{{ {name.ListItemText} = '{value}' }}", name.ListItemText, CompletionResultType.ParameterValue, $"{name.ListItemText}: {value}");
            }),
        ];
    }
}
