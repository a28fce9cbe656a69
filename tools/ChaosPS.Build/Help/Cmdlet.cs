namespace ChaosPS.Build.Help;

/// <summary>A cmdlet as its assembly declares it.</summary>
internal sealed record Cmdlet(string Name, bool SupportsShouldProcess, IReadOnlyList<CmdletParameter> Parameters)
{
    /// <summary>The parameter sets by name; the set without a name when there are none.</summary>
    public IReadOnlyList<string?> Sets
    {
        get
        {
            string?[] named = [.. Parameters.SelectMany(parameter => parameter.Uses).Select(use => use.Set).OfType<string>().Distinct()];
            return named.Length == 0 ? [null] : named;
        }
    }
}

/// <summary>A parameter: what it is in all sets, and how each set uses it.</summary>
internal sealed record CmdletParameter(string Name, string TypeName, IReadOnlyList<string> Aliases, bool Wildcards, IReadOnlyList<ParameterUse> Uses)
{
    public bool IsSwitch => TypeName == "SwitchParameter";

    public ParameterUse? In(string? set) => Uses.FirstOrDefault(use => use.Set is null || set is null || use.Set == set);
}

/// <summary>How a set uses a parameter; <see cref="Set"/> is null for all sets.</summary>
internal sealed record ParameterUse(string? Set, bool Mandatory, int? Position, bool ByValue, bool ByPropertyName)
{
    public string PipelineInput => (ByValue, ByPropertyName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}

/// <summary>A cmdlet and its page.</summary>
internal sealed record CmdletHelp(Cmdlet Cmdlet, CmdletPage Page);
