namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>How protobuf writes a value, by its number on the wire.</summary>
internal enum WireType
{
    /// <summary>A number of variable length.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length, and so many bytes: a text, a message.</summary>
    Bytes = 2,

    /// <summary>The begin of fields up to an end.</summary>
    StartGroup = 3,

    /// <summary>The end of such fields.</summary>
    EndGroup = 4,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
