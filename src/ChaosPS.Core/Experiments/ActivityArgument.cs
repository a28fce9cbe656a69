namespace ChaosPS.Experiments;

/// <summary>The type of an activity's argument.</summary>
public enum ArgumentType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A list of mappings.</summary>
    ListOfMappings,
}

/// <summary>An argument of an activity.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; a placeholder can stand for any.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Help">What it does.</param>
public sealed record ActivityArgument(string Name, ArgumentType Type, bool Required, string Help);
