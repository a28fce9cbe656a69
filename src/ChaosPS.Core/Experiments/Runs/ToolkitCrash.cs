using ChaosPS.Errors;

namespace ChaosPS.Experiments.Runs;

/// <summary>An activity failed in a way that crashes the Chaos Toolkit's runner, and the run is judged as there.</summary>
internal sealed class ToolkitCrash(string activity, Exception inner) : Exception($"'{activity}' crashed: {inner.Message}", inner)
{
    /// <summary>The id of the error; of what nobody has foreseen, the name of its type.</summary>
    public string ErrorId => IdOf(InnerException!);

    /// <summary>The id of an error that an activity failed with.</summary>
    public static string IdOf(Exception exception) => exception is ChaosException chaos ? chaos.ErrorId : exception.GetType().Name;
}
