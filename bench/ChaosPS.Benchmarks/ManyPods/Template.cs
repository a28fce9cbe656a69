using System.Globalization;
using System.Text;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>
/// An encoded object with places for numbers. Each place stands there as one letter, repeated, and is filled with as many digits: the lengths stay,
/// so that an object costs the server little more than a copy.
/// </summary>
internal sealed class Template
{
    /// <summary>The letters: pod, workload, namespace, node, uid, zone.</summary>
    private static readonly string[] s_places = ["PPPPPP", "WWWWWW", "SSSSSS", "NNNNNN", "UUUUUUUUUUUU", "westeurope-Z"];

    private readonly byte[] _bytes;
    private readonly List<(int Offset, int Width, int Place)> _fields = [];

    public Template(byte[] bytes)
    {
        _bytes = bytes;
        foreach (var (place, letters) in s_places.Index())
        {
            var pattern = Encoding.ASCII.GetBytes(letters);
            for (var offset = 0; bytes.AsSpan(offset).IndexOf(pattern) is var found and >= 0; offset += found + pattern.Length)
            {
                var width = letters[0] == 'w' ? 1 : pattern.Length;
                _fields.Add((offset + found + pattern.Length - width, width, place));
            }
        }
    }

    public int Length => _bytes.Length;

    public void Write(Span<byte> target, params ReadOnlySpan<long> values)
    {
        _bytes.CopyTo(target);
        foreach (var (offset, width, place) in _fields)
            values[place].TryFormat(target.Slice(offset, width), out _, width switch { 1 => "D1", 6 => "D6", _ => "D12" }, CultureInfo.InvariantCulture);
    }
}
