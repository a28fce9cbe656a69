namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>An entry of a map: a small message with a key and a value. One that is missing is empty.</summary>
internal readonly ref struct ProtobufEntry
{
    private const int KeyField = 1;
    private const int ValueField = 2;

    /// <summary>Reads an entry.</summary>
    /// <exception cref="InvalidDataException">The bytes are none.</exception>
    public ProtobufEntry(ReadOnlySpan<byte> bytes)
    {
        var scanner = new ProtobufScanner(bytes);
        while (scanner.Next())
        {
            if (scanner.Field == KeyField) Key = scanner.Bytes();
            if (scanner.Field != ValueField) continue;
            Value = scanner.Bytes();
            ValueStart = scanner.Start;
        }
    }

    /// <summary>The key, in UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Where in the entry the value begins.</summary>
    public int ValueStart { get; }
}
