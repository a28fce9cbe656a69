using System.Collections;
using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Binding;

/// <summary>Experiments that are objects of PowerShell.</summary>
internal static class ExperimentObject
{
    /// <summary>As deep as a document may be nested.</summary>
    private const int Deepest = 200;

    private static readonly string[] s_paths = ["FullName", "LiteralPath", "PSPath"];

    /// <summary>The file that an object stands for: a file, or what has its path in a property; null when it is none.</summary>
    public static string? FileOf(PSObject value) => value.BaseObject switch
    {
        FileInfo file => file.FullName,
        PSCustomObject => s_paths.Select(name => value.Properties[name]?.Value as string).FirstOrDefault(static path => path is not null),
        _ => null,
    };

    /// <summary>Reads an experiment from hashtables, lists and plain values.</summary>
    /// <exception cref="ChaosException">It is nothing of the kind: ids <c>ExperimentObjectInvalid</c>, <c>ExperimentTooDeep</c>.</exception>
    public static Experiment Read(PSObject value, IDocumentReader documents) => value.BaseObject is IDictionary or PSCustomObject
        ? ExperimentSource.ReadObject(new PlainValues(Deepest, static _ => throw ChaosErrors.ExperimentTooDeep(Deepest)).Of(value), documents)
        : throw ChaosErrors.ExperimentObjectInvalid(value.BaseObject.GetType().Name);
}
