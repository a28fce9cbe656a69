using System.Globalization;
using System.Net;
using ChaosPS.Errors;

namespace ChaosPS.Sandbox.Serving;

/// <summary>The addresses that a sandbox may be served at: this machine's own only, since it asks nobody who they are.</summary>
internal static class LoopbackEndPoint
{
    /// <summary>Reads an address such as <c>127.0.0.1:8001</c>, <c>localhost:0</c>, <c>[::1]:0</c>; without a port, or with 0, the system chooses one.</summary>
    /// <exception cref="ChaosException">It is no address: id <c>ListenAddressInvalid</c>; others could reach it: id <c>ListenAddressNotLocal</c>.</exception>
    public static IPEndPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var address = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? text[7..].TrimEnd('/') : text;
        var (host, port) = Split(address);
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw ChaosErrors.ListenAddressInvalid(text);
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return new IPEndPoint(IPAddress.Loopback, number);
        if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown) throw ChaosErrors.ListenAddressInvalid(text);
        return IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip) ? new IPEndPoint(ip, number) : throw ChaosErrors.ListenAddressNotLocal(text);
    }

    /// <summary>Whether a name means this machine to whoever uses it.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    private static (string Host, string Port) Split(string address)
    {
        if (address == "::1") return (address, "0");
        var colon = address.LastIndexOf(':');
        return colon > address.LastIndexOf(']') ? (address[..colon], address[(colon + 1)..]) : (address, "0");
    }
}
