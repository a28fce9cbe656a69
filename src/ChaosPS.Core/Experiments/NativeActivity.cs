using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>An activity that ChaosPS carries out itself, under the name and with the arguments that the Chaos Toolkit's extension has for it.</summary>
public abstract class NativeActivity
{
    private protected NativeActivity(string module, string function, ActivityKind kind, string help, params ActivityArgument[] arguments)
    {
        Module = module;
        Function = function;
        Kind = kind;
        Help = help;
        Arguments = arguments;
    }

    /// <summary>Module and function: <c>chaosazure.vmss.actions.stop_vmss</c>.</summary>
    public string Name => $"{Module}.{Function}";

    /// <summary>The Python module that has it, such as <c>chaosazure.vmss.actions</c>.</summary>
    public string Module { get; }

    /// <summary>The function in the module, such as <c>stop_vmss</c>.</summary>
    public string Function { get; }

    /// <summary>Probe or action.</summary>
    public ActivityKind Kind { get; }

    /// <summary>What it does.</summary>
    public string Help { get; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<ActivityArgument> Arguments { get; }

    /// <summary>The newer name of the same activity; null when this one is not deprecated.</summary>
    public string? Replacement { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Reports wrong arguments: unknown, missing, of a wrong type.</summary>
    internal virtual void Check(DocumentMapping provider, FindingList findings)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(findings);
        if (Replacement is { } newer) findings.Warning("DeprecatedName", provider, $"{this} is deprecated.", $"Its newer name is {newer}.");
        ArgumentCheck.Check(Function, Arguments, provider, findings);
    }

    /// <summary>Finds what the activity will change. Reads, changes nothing.</summary>
    /// <param name="request">Which activity, with which arguments.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">Nothing matches, or a rule forbids it.</exception>
    internal abstract Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken);

    /// <summary>Carries it out on what it was resolved to.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="arguments">The arguments, placeholders filled.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal abstract Task<object?> RunAsync(ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken);
}
