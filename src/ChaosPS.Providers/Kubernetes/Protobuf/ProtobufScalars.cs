using System.Globalization;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>The values that are small messages in protobuf, and texts or numbers in JSON.</summary>
internal static class ProtobufScalars
{
    private const int NanosecondsPerMicrosecond = 1000;

    /// <summary>A quantity; null when it is empty.</summary>
    public static string? Quantity(ReadOnlySpan<byte> bytes, RecentTexts texts)
    {
        string? text = null;
        var scanner = new ProtobufScanner(bytes);
        while (scanner.Next())
        {
            if (scanner.Field == 1) text = texts.Read(scanner.Bytes());
        }

        return text is "" ? null : text;
    }

    /// <summary>The text of what may be a count or a text; null when it is a count.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes, RecentTexts texts) =>
        CountOrText(bytes, texts, out var isText) is { Length: > 0 } text && isText ? text : null;

    /// <summary>What may be a count or a text, as text.</summary>
    public static string? CountOrText(ReadOnlySpan<byte> bytes, RecentTexts texts) =>
        CountOrText(bytes, texts, out _) is { Length: > 0 } text ? text : null;

    /// <summary>A time; null when it is empty, or beyond the years that there are. A time of seconds has no parts of them, as in JSON.</summary>
    public static DateTimeOffset? Time(ReadOnlySpan<byte> bytes, bool isMicro)
    {
        if (bytes.IsEmpty) return null;
        var (seconds, nanoseconds) = (0L, 0);
        var scanner = new ProtobufScanner(bytes);
        while (scanner.Next())
        {
            if (scanner.Field == 1) seconds = (long)scanner.Varint();
            if (scanner.Field == 2) nanoseconds = (int)scanner.Varint();
        }

        if (seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return null;
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return isMicro && nanoseconds is >= 0 and < 1_000_000_000
            ? time.AddTicks(nanoseconds / NanosecondsPerMicrosecond * TimeSpan.TicksPerMicrosecond)
            : time;
    }

    private static string CountOrText(ReadOnlySpan<byte> bytes, RecentTexts texts, out bool isText)
    {
        (isText, var count, var text) = (false, 0L, "");
        var scanner = new ProtobufScanner(bytes);
        while (scanner.Next())
        {
            if (scanner.Field == 1) isText = scanner.Varint() == 1;
            if (scanner.Field == 2) count = (long)scanner.Varint();
            if (scanner.Field == 3) text = texts.Read(scanner.Bytes());
        }

        return isText ? text : count.ToString(CultureInfo.InvariantCulture);
    }
}
