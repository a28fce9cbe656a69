using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>The priority classes of the cluster: admission looks up which number a pod's class stands for.</summary>
/// <remarks>Source: kubernetes/plugin/pkg/admission/priority. The two built-in classes are known to whoever reads a pod.</remarks>
internal sealed class PriorityClasses
{
    private readonly Dictionary<string, PriorityClass> _byName = [];
    private readonly Dictionary<PodSpec, PodSpec> _resolved = new(ReferenceEqualityComparer.Instance);

    public void Put(PriorityClass priorityClass)
    {
        _byName[priorityClass.Name] = priorityClass;
        _resolved.Clear();
    }

    /// <summary>The spec with its priority. Pods of one template share one spec.</summary>
    public PodSpec Resolve(PodSpec spec)
    {
        if (_byName.Count == 0 || spec.Priority != 0) return spec;
        if (_resolved.TryGetValue(spec, out var known)) return known;
        var found = spec.PriorityClassName is { } name ? _byName.GetValueOrDefault(name) : _byName.Values.FirstOrDefault(static it => it.IsDefault);
        var resolved = found is null ? spec : spec with { Priority = found.Value, NeverPreempts = spec.NeverPreempts || found.NeverPreempts };
        _resolved.Add(spec, resolved);
        return resolved;
    }
}
