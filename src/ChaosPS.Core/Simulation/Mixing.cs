namespace ChaosPS.Simulation;

/// <summary>
/// Numbers that look drawn but follow from names: what is made of them does not depend on what else there is, nor disturb the chance of
/// anything else.
/// </summary>
internal static class Mixing
{
    /// <summary>A number from a seed and texts.</summary>
    public static ulong Of(int seed, params ReadOnlySpan<string> texts)
    {
        // 64-bit FNV-1a, and the finaliser of SplitMix64 because similar texts give similar sums.
        var sum = 14695981039346656037ul ^ (uint)seed;
        foreach (var text in texts)
        {
            foreach (var letter in text) sum = (sum ^ letter) * 1099511628211ul;
            sum = (sum ^ '/') * 1099511628211ul;
        }

        return Mix(sum);
    }

    /// <summary>The number that follows another.</summary>
    public static ulong Mix(ulong number)
    {
        number += 0x9E3779B97F4A7C15ul;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9ul;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EBul;
        return number ^ (number >> 31);
    }

    /// <summary>The number as a share: at least 0, below 1.</summary>
    public static double Share(ulong number) => (number >> 11) * (1.0 / (1ul << 53));

    /// <summary>The number as a uid of version 4.</summary>
    public static string Uid(ulong number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, number);
        BitConverter.TryWriteBytes(bytes[8..], Mix(number));
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes).ToString();
    }
}
