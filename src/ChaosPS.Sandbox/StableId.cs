using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChaosPS.Sandbox;

/// <summary>Ids that look random and are the same in every run of one seed.</summary>
internal sealed class StableId(string sandbox, int seed)
{
    /// <summary>A uid for a thing, in the form of a random (version 4) UUID.</summary>
    public string Uid(string thing)
    {
        var bytes = Hash(thing)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>A digest for a thing: 64 hexadecimal digits.</summary>
    public string Digest(string thing) => Convert.ToHexStringLower(Hash(thing));

    private byte[] Hash(string thing) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sandbox}/{seed}/{thing}")));
}
