using ChaosPS.Errors;

namespace ChaosPS.Experiments;

/// <summary>Values of the configuration that probes find out when the run begins.</summary>
internal static class DynamicConfiguration
{
    /// <summary>Adds what the probes of <c>configuration</c> answer, in the order of the file: each sees what stands before it.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="values">Its values so far.</param>
    /// <param name="context">What the probes work with; its placeholders are filled from <paramref name="values"/>.</param>
    /// <param name="cancellationToken">Ends the probing.</param>
    /// <returns>The whole configuration, and the keys that no value was found for, each with the reason.</returns>
    public static async Task<(OrderedDictionary<string, object?> Configuration, IReadOnlyList<(string Key, string Reason)> Missing)> LoadAsync(
        Experiment experiment, ConfigurationReading values, ActivityContext context, CancellationToken cancellationToken)
    {
        var configuration = new OrderedDictionary<string, object?>();
        var missing = new List<(string Key, string Reason)>();
        foreach (var (key, value) in values.Configuration)
        {
            if (!experiment.DynamicConfiguration.TryGetValue(key, out var probe) || values.IsGiven(key))
            {
                configuration[key] = value;
                continue;
            }

            try
            {
                var output = await probe.CarryOutAsync(context with { Substitution = new Substitution(configuration, values.Secrets) }, cancellationToken);
                configuration[key] = Answer(probe, output);
            }
            catch (ChaosException exception)
            {
                missing.Add((key, exception.Message));
            }
        }

        return (configuration, missing);
    }

    /// <summary>Of a program what it writes, of an http request the body, of anything else the whole answer.</summary>
    private static object? Answer(ActivityProvider probe, object? output)
    {
        if (!probe.HasStatus || output is not IReadOnlyDictionary<string, object?> result) return output;
        if (probe is HttpProvider) return result.GetValueOrDefault("body");
        if (result.GetValueOrDefault("status") is not 0L) throw ChaosErrors.ConfigurationProbeFailed(PythonValue.Text(result.GetValueOrDefault("status")));
        return (result.GetValueOrDefault("stdout") as string)?.Trim();
    }
}
