using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>Keeps a process from writing files beyond a size, as a full disk does. Linux only.</summary>
/// <remarks>Source: https://man7.org/linux/man-pages/man2/getrlimit.2.html . The process must ignore SIGXFSZ: see <see cref="Ignoring"/>.</remarks>
internal static class FileSizeLimit
{
    private const int FileSize = 1;
    private const ulong Unlimited = ulong.MaxValue;

    /// <summary>Starts the command line as a process that gets an error where the limit would end it.</summary>
    public static ChaosProgram Ignoring(string[] args) => ChaosProgram.Start("/bin/sh", ["-c", "trap '' XFSZ; exec \"$@\"", "sh", ChaosProgram.Path, .. args]);

    /// <summary>Lets no file of a process grow beyond <paramref name="bytes"/>; null lets all grow again.</summary>
    public static void Set(Process process, long? bytes)
    {
        var limit = new Limit { Soft = bytes is { } size ? (ulong)size : Unlimited, Hard = Unlimited };
        if (SetLimit(process.Id, FileSize, limit, 0) != 0) throw new IOException($"prlimit failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int process, int resource, in Limit limit, nint old);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
