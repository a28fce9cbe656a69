namespace ChaosPS.Experiments;

/// <summary>The type of an activity's argument.</summary>
public enum ArgumentType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number; a text that is one is taken too, as environment variables bring it.</summary>
    Integer,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A mapping.</summary>
    Mapping,

    /// <summary>A list of mappings.</summary>
    ListOfMappings,

    /// <summary>A list of texts, or one text.</summary>
    Texts,

    /// <summary>A mapping of texts, or a text such as <c>app=web,tier=front</c>.</summary>
    Labels,

    /// <summary>A mapping, or a list of mappings.</summary>
    MappingOrList,

    /// <summary>A number; a text that is one is taken too, as environment variables bring it.</summary>
    Number,

    /// <summary>A list of anything.</summary>
    List,
}

/// <summary>An argument of an activity.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; a placeholder can stand for any.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Help">What it does.</param>
/// <param name="Default">What it is when it is not given, or null.</param>
public sealed record ActivityArgument(string Name, ArgumentType Type, bool Required, string Help, object? Default = null);
