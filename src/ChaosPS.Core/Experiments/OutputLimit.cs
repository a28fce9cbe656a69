using ChaosPS.Errors;

namespace ChaosPS.Experiments;

/// <summary>How much an activity reads of what somebody else writes: it is kept as a whole, searched for secrets, and put into the journal.</summary>
internal static class OutputLimit
{
    /// <summary>In MiB, and in as many letters of a text: an answer, what a program writes, the log of a pod.</summary>
    public const int Mebibytes = 16;

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">What to read.</param>
    /// <param name="mebibytes">How much there may be.</param>
    /// <param name="tooLarge">Makes the error where there is more.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<byte[]> ReadAsync(Stream stream, int mebibytes, Func<ChaosException> tooLarge, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > mebibytes << 20) throw tooLarge();
            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    /// <summary>Reads a text to its end.</summary>
    /// <param name="reader">What to read.</param>
    /// <param name="what">What it is, in words.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">There is more than is read: id <c>OutputTooLarge</c>.</exception>
    public static async Task<string> ReadAsync(TextReader reader, string what, CancellationToken cancellationToken)
    {
        var read = new System.Text.StringBuilder();
        var buffer = new char[16 << 10];
        while (await reader.ReadAsync(buffer.AsMemory(), cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > Mebibytes << 20) throw ChaosErrors.OutputTooLarge(what, Mebibytes);
            read.Append(buffer, 0, count);
        }

        return read.ToString();
    }
}
