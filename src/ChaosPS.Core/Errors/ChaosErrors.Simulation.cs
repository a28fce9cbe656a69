namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A name that no option of the simulation has.</summary>
    public static ChaosException SimulationOptionUnknown(string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        return new(
            "SimulationOptionUnknown", ErrorKind.InvalidArgument,
            $"The simulation has no option '{name}'. Its options: {string.Join(", ", all)}.",
            NearestNames.Suggest(name, all) ?? "Take one of the options that the message lists.", name);
    }

    /// <summary>A value that an option of the simulation cannot have.</summary>
    public static ChaosException SimulationOptionInvalid(string name, string value, string form) => new(
        "SimulationOptionInvalid", ErrorKind.InvalidArgument,
        $"'{value}' is no value of the simulation's option {name}: it takes {form}.",
        "Write the value in that form.", name);
}
