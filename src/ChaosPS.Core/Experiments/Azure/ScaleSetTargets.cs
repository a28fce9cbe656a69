using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Azure;

/// <summary>Which instances of scale sets an activity is about: a filter for the scale sets, and criteria for the instances.</summary>
internal static class ScaleSetTargets
{
    /// <summary>What an instance can be told by: the names of the Azure SDK for Python, and the one that its documentation has.</summary>
    private static readonly Dictionary<string, Func<ScaleSetInstance, object?>> s_criteria = new()
    {
        ["name"] = static instance => instance.Name,
        ["instance_id"] = static instance => instance.InstanceId,
        ["instanceId"] = static instance => instance.InstanceId,
        ["id"] = static instance => instance.ResourceId,
        ["computer_name"] = static instance => instance.ComputerName,
        ["location"] = static instance => instance.Location,
        ["zones"] = static instance => instance.Zone,
        ["provisioning_state"] = static instance => instance.ProvisioningState,
    };

    public static ActivityArgument Filter { get; } =
        new("filter", ArgumentType.Text, Required: false, "a Resource Graph filter for scale sets, such as where name=~'aks-nodepool1-vmss'.");

    public static ActivityArgument Criteria { get; } = new(
        "instance_criteria", ArgumentType.ListOfMappings, Required: false,
        "which instances; all entries of an item must fit, of any item; without it one instance at random.");

    /// <summary>Reports what can be seen to be wrong without Azure.</summary>
    public static void Check(DocumentMapping provider, FindingList findings)
    {
        var arguments = provider["arguments"] as DocumentMapping;
        if (arguments?["filter"] is null or DocumentScalar { Value: null or "" })
        {
            findings.Warning(
                "FilterMissing", arguments ?? provider, "Without a filter every scale set of the subscription would be hit, so the run will refuse it.",
                "Add filter: where name=~'…'.");
            findings.OfAzure();
        }

        if (arguments?["instance_criteria"] is not DocumentSequence criteria) return;
        foreach (var entry in criteria.Items.OfType<DocumentMapping>().SelectMany(static item => item.Entries))
        {
            var key = DocumentValues.Key(entry);
            if (!s_criteria.ContainsKey(key))
            {
                findings.Error(
                    "UnknownCriterion", entry.Key, $"An instance has no '{key}' to be told by.",
                    NearestNames.Suggest(key, s_criteria.Keys) ?? $"It has {string.Join(", ", s_criteria.Keys)}.");
            }
        }
    }

    /// <summary>The instances: at least one.</summary>
    /// <exception cref="ChaosException">There is no filter, or it or the criteria match nothing.</exception>
    public static async Task<IReadOnlyList<ScaleSetInstance>> FindAsync(TargetRequest request, string function, CancellationToken cancellationToken)
    {
        var filter = request.Arguments.GetValueOrDefault("filter") is { } given ? PythonValue.Text(given) : "";
        var what = $"The activity '{request.Activity}' ({function})";
        var power = request.Connection.Power;
        if (string.IsNullOrWhiteSpace(filter))
        {
            throw ChaosErrors.FilterEmpty(
                what, "scale sets", await power.GetScopeAsync(cancellationToken), await ExistingAsync(power, cancellationToken));
        }

        var scaleSets = await power.FindScaleSetsAsync(filter, cancellationToken);
        if (scaleSets.Count == 0)
        {
            throw ChaosErrors.ScaleSetNotMatched(
                what, filter, await power.GetScopeAsync(cancellationToken), await ExistingAsync(power, cancellationToken));
        }

        var criteria = await ReadCriteriaAsync(what, request.Arguments.GetValueOrDefault("instance_criteria"), power, cancellationToken);
        List<ScaleSetInstance> existing = [], targets = [];
        foreach (var scaleSet in scaleSets)
        {
            var instances = await power.GetInstancesAsync(scaleSet, cancellationToken);
            existing.AddRange(instances);
            targets.AddRange(Select(instances, criteria, request));
        }

        if (targets.Count == 0)
        {
            throw ChaosErrors.InstanceNotMatched(
                what, filter, criteria.Count == 0 ? "any instance" : PythonValue.Repr(criteria), await power.GetScopeAsync(cancellationToken),
                [.. existing.Select(static instance => $"{instance.Name} (instance_id {instance.InstanceId})")]);
        }

        return targets;
    }

    private static IEnumerable<ScaleSetInstance> Select(
        IReadOnlyList<ScaleSetInstance> instances, IReadOnlyList<object?> criteria, TargetRequest request)
    {
        if (criteria.Count > 0) return instances.Where(instance => criteria.Any(item => Fits(instance, item)));
        if (request.Phase == RunPhase.Rollbacks)
        {
            var chosen = instances.Where(instance => request.Earlier.OfType<MachineTarget>().Any(other => other.Instance.ResourceId == instance.ResourceId)).ToArray();
            if (chosen.Length > 0) return chosen;
        }

        return instances.Count == 0 ? [] : [instances[request.Random.Next(instances.Count)]];
    }

    private static bool Fits(ScaleSetInstance instance, object? item) =>
        item is IReadOnlyDictionary<string, object?> map && map.All(entry => FitsOne(s_criteria[entry.Key](instance), entry.Value));

    /// <summary>Numbers count as their text, for YAML reads <c>instance_id: 0</c> as a number; a list, as <c>zones</c> is one, fits when one of it does.</summary>
    private static bool FitsOne(object? has, object? wanted) => wanted is IReadOnlyList<object?> any
        ? any.Any(item => FitsOne(has, item))
        : has is string text && wanted is not null && text == PythonValue.Text(wanted);

    private static async Task<IReadOnlyList<object?>> ReadCriteriaAsync(string what, object? value, INodePower power, CancellationToken cancellationToken)
    {
        if (!PythonValue.IsTrue(value)) return [];
        if (value is not IReadOnlyList<object?> list || !list.All(static item => item is IReadOnlyDictionary<string, object?>))
            throw ChaosErrors.CriteriaInvalid(what, PythonValue.Repr(value), await power.GetScopeAsync(cancellationToken));
        foreach (var key in list.Cast<IReadOnlyDictionary<string, object?>>().SelectMany(static item => item.Keys))
        {
            if (!s_criteria.ContainsKey(key)) throw ChaosErrors.CriterionUnknown(what, key, await power.GetScopeAsync(cancellationToken), s_criteria.Keys);
        }

        return list;
    }

    private static async Task<IReadOnlyList<string>> ExistingAsync(INodePower power, CancellationToken cancellationToken) =>
        [.. (await power.FindScaleSetsAsync(null, cancellationToken)).Select(static set => $"{set.Name} (resource group {set.ResourceGroupName})")];
}
