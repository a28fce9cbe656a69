using System.Runtime.CompilerServices;
using System.Text;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>The texts that were lately read, so that names of namespaces and nodes, images and reasons are one string each and not one a pod.</summary>
internal sealed class RecentTexts
{
    /// <summary>The largest clusters have 5,000 nodes, whose names come in any order.</summary>
    private const int Bits = 14;

    private const int Longest = 128;

    private readonly string?[] _slots = new string?[1 << Bits];

    /// <summary>The text that bytes stand for; what is no UTF-8 is replaced, as JSON does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        if (bytes.Length > Longest) return Encoding.UTF8.GetString(bytes);
        ref var slot = ref _slots[RecentValues.Slot(bytes, Bits)];
        if (slot is not null && Ascii.Equals(bytes, slot)) return slot;
        return slot = Encoding.UTF8.GetString(bytes);
    }
}
