using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Experiments;

namespace ChaosPS.Commands;

/// <summary>Gets the activities that ChaosPS carries out itself, with their arguments. No cluster is asked.</summary>
[Cmdlet(VerbsCommon.Get, "ChaosActivity")]
[OutputType(typeof(NativeActivity))]
public sealed class GetChaosActivityCommand : AsyncCommand
{
    /// <summary>Names of activities, module and function; all of them when it is left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ActivityNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Probes, which only look, or actions; both when it is left out.</summary>
    [Parameter]
    public ActivityKind? Kind { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in Name)
        {
            Try(() =>
            {
                var pattern = new Wildcards([name]);
                NativeActivity[] found = [.. ActivityCatalogue.All.Where(activity => pattern.Match(activity.Name))];
                if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) throw ActivityCatalogue.NotFound(name);
                WriteObject(found.Where(activity => Kind is null || activity.Kind == Kind), enumerateCollection: true);
            });
        }
    }
}
