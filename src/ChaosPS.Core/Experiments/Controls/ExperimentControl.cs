using ChaosPS.Ports;

namespace ChaosPS.Experiments.Controls;

/// <summary>A control as a file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Module">The Python module that it names; what else it is when it names none.</param>
/// <param name="Native">What applies it; null when this version does not know it.</param>
/// <param name="Automatic">Whether one that is declared for the experiment is applied to all activities.</param>
/// <param name="Scope">Which turns it takes.</param>
/// <param name="Node">Its place in the document.</param>
internal sealed record ExperimentControl(string Name, string Module, NativeControl? Native, bool Automatic, ControlScope Scope, DocumentMapping Node)
{
    /// <summary>The probes that guard the run; none when it is no safeguard.</summary>
    public IReadOnlyList<Safeguard> Safeguards { get; init; } = [];

    /// <summary>Its arguments, placeholders filled.</summary>
    public ActivityArguments Arguments(Substitution substitution)
    {
        var given = (Node["provider"] as DocumentMapping)?["arguments"] is DocumentMapping arguments ? DocumentValues.ToMap(arguments) : [];
        return new ActivityArguments(Name, Native!.Arguments, (IReadOnlyDictionary<string, object?>)substitution.Apply(given)!);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
