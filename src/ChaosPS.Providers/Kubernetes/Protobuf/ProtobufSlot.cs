namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>Where in an item a part of it is: a value that has a length; a field with its number; the entries of a list or map, from the first to the last.</summary>
internal struct ProtobufSlot
{
    /// <summary>Where it begins.</summary>
    public int Start;

    /// <summary>Where it ends; 0 when it is not there.</summary>
    public int End;

    /// <summary>The first of the slots of its own fields; 0 when they have not been looked for.</summary>
    public int Fields;

    /// <summary>Whether it is written in another way than the schema says.</summary>
    public bool IsWrong;
}
