using System.Security.Cryptography;
using System.Text;
using ChaosPS.Errors;

namespace ChaosPS.Manifests;

/// <summary>A text file as it is on the disk, with the encoding that it keeps.</summary>
internal sealed class ManifestFile
{
    private static readonly Encoding[] s_marked =
    [
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Encoding _encoding;

    private ManifestFile(string path, string source, byte[] bytes, Encoding encoding, string text)
    {
        (Path, Source, _encoding, Text) = (path, source, encoding, text);
        Hash = HashOf(bytes);
    }

    /// <summary>The file itself, where a link leads to.</summary>
    public string Path { get; }

    /// <summary>As messages name it.</summary>
    public string Source { get; }

    /// <summary>What is in it, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>The SHA-256 of its bytes.</summary>
    public string Hash { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ChaosException">Ids <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>DocumentInvalid</c> where it is no text.</exception>
    public static ManifestFile Read(string path, string source)
    {
        byte[] bytes;
        try
        {
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ChaosErrors.FileNotFound(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnreadable(path, exception);
        }

        var encoding = Array.Find(s_marked, marked => bytes.AsSpan().StartsWith(marked.GetPreamble())) ?? s_utf8;
        try
        {
            return new ManifestFile(path, source, bytes, encoding, encoding.GetString(bytes.AsSpan(encoding.GetPreamble().Length)));
        }
        catch (DecoderFallbackException exception)
        {
            throw ChaosErrors.DocumentInvalid(source, bytes.AsSpan(0, Math.Max(0, exception.Index)).Count((byte)'\n') + 1, 1, "this is no text of UTF-8, nor of UTF-16 with a byte order mark", exception);
        }
    }

    /// <summary>The bytes that another text takes in this file.</summary>
    public byte[] Encode(string text) => [.. _encoding.GetPreamble(), .. _encoding.GetBytes(text)];

    /// <summary>The SHA-256 of bytes, in hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Writes all of it, or nothing: beside the file first, then in its place. It keeps who may do what with it.</summary>
    /// <exception cref="ChaosException">Ids <c>ManifestUnwritable</c>, <c>ManifestChanged</c> where somebody else has written since it was read.</exception>
    public void Write(byte[] bytes)
    {
        var part = $"{Path}.{Environment.ProcessId}.part";
        try
        {
            if (HashOf(File.ReadAllBytes(Path)) != Hash) throw ChaosErrors.ManifestChanged(Source);
            if (new FileInfo(Path).IsReadOnly) throw new UnauthorizedAccessException("it is read-only.");
            using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            if (OperatingSystem.IsWindows())
            {
                File.Replace(part, Path, destinationBackupFileName: null);
            }
            else
            {
                File.SetUnixFileMode(part, File.GetUnixFileMode(Path));
                File.Move(part, Path, overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw ChaosErrors.ManifestUnwritable(Source, exception);
        }
    }
}
