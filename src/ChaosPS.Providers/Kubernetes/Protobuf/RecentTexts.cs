using System.Runtime.CompilerServices;
using System.Text;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>The texts that were lately read, so that names of namespaces and nodes, images and reasons are one string each and not one a pod.</summary>
internal sealed class RecentTexts
{
    /// <summary>There are two places for each number of so many bits. The largest clusters have 5,000 nodes, whose names come in any order.</summary>
    private const int Bits = 13;

    private const int Longest = 128;

    private readonly string?[] _slots = new string?[2 << Bits];

    /// <summary>The text that bytes stand for; what is no UTF-8 is replaced, as JSON does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        if (bytes.Length > Longest) return Encoding.UTF8.GetString(bytes);
        var slot = 2 * RecentValues.Slot(bytes, Bits);
        ref var last = ref _slots[slot];
        if (last is not null && Ascii.Equals(bytes, last)) return last;
        ref var before = ref _slots[slot + 1];
        var text = before is not null && Ascii.Equals(bytes, before) ? before : Encoding.UTF8.GetString(bytes);
        (last, before) = (text, last);
        return text;
    }
}
