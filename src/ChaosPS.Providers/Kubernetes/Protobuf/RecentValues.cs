using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>
/// The values that were lately made of some bytes: the labels of the pods of one workload, or their affinity, stand in a list again and again. A
/// value that another has pushed out is made anew, so the memory is bounded, however the bytes are chosen.
/// </summary>
internal sealed class RecentValues
{
    private const int Bits = 10;

    /// <summary>What is longer is not kept: it stands hardly twice, and a thousand of it would be much.</summary>
    private const int Longest = 8 * 1024;

    private const ulong Odd = 0x9E3779B97F4A7C15;

    private readonly (byte[] Bytes, object Maker, object Value)[] _slots = new (byte[], object, object)[1 << Bits];

    /// <summary>The value that <paramref name="maker"/> made of these bytes, if it is still there. The slot is where one that is made now belongs.</summary>
    public T? Find<T>(ReadOnlySpan<byte> bytes, object maker, out int slot)
        where T : class
    {
        slot = Slot(bytes, Bits);
        ref readonly var kept = ref _slots[slot];
        return ReferenceEquals(kept.Maker, maker) && bytes.SequenceEqual(kept.Bytes) ? (T)kept.Value : null;
    }

    /// <summary>Keeps the value that <paramref name="maker"/> made of these bytes, if they are not too many.</summary>
    public T Keep<T>(int slot, ReadOnlySpan<byte> bytes, object maker, T value)
        where T : class
    {
        if (bytes.Length <= Longest) _slots[slot] = (bytes.ToArray(), maker, value);
        return value;
    }

    /// <summary>A number of so many bits, which is the same for the same bytes and most often another one for others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Slot(ReadOnlySpan<byte> bytes, int bits)
    {
        var hash = (ulong)bytes.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) hash = Mix(hash ^ word);
        var last = 0UL;
        foreach (var next in bytes[(words.Length * sizeof(ulong))..]) last = (last << 8) | next;
        return (int)(Mix(hash ^ last) >> (64 - bits));
    }

    private static ulong Mix(ulong value)
    {
        value *= Odd;
        return value ^ (value >> 32);
    }
}
