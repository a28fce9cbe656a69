using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Says what is wrong with the arguments of a python provider.</summary>
internal static class ArgumentCheck
{
    /// <summary>Reports wrong arguments: unknown, missing, of a wrong type.</summary>
    /// <param name="what">What has the arguments, for messages: a function or a module.</param>
    /// <param name="declared">The arguments that there are.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static void Check(string what, IReadOnlyList<ActivityArgument> declared, DocumentMapping provider, FindingList findings)
    {
        if (provider["arguments"] is { } node and not DocumentMapping && node is not DocumentScalar { Value: null })
            findings.Error("WrongType", node, "The arguments of a python provider must be a mapping.");
        var arguments = provider["arguments"] as DocumentMapping;
        string[] known = [.. declared.Select(static argument => argument.Name)];
        foreach (var entry in arguments?.Entries ?? [])
        {
            var name = DocumentValues.Key(entry);
            if (Array.IndexOf(known, name) is var index and >= 0)
            {
                CheckType(declared[index], entry.Value, findings);
            }
            else
            {
                findings.Error(
                    "UnknownArgument", entry.Key, $"{what} has no argument '{name}'.",
                    NearestNames.Suggest(name, known) ?? (known.Length == 0 ? "It has none." : $"It has {string.Join(", ", known)}."));
            }
        }

        foreach (var argument in declared.Where(argument => argument.Required && arguments?[argument.Name] is null or DocumentScalar { Value: null }))
            findings.Error("MissingArgument", arguments ?? provider, $"{what} needs the argument '{argument.Name}': {argument.Help}");
    }

    private static void CheckType(ActivityArgument argument, DocumentNode value, FindingList findings)
    {
        var plain = DocumentValues.ToValue(value);
        if (plain is null || (plain is string text && Substitution.Names(text).Any()) || ArgumentTypes.Fits(argument.Type, plain)) return;
        findings.Error("WrongType", value, $"The argument '{argument.Name}' must be {ArgumentTypes.Describe(argument.Type)}: {argument.Help}");
    }
}
