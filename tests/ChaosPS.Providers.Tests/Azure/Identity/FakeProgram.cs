namespace ChaosPS.Providers.Tests.Azure.Identity;

/// <summary>A program of that name at the front of PATH, for as long as the test runs.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps");

    public FakeProgram(string name, string script)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, $"#!/bin/sh\necho \"$0 $*\" >> '{Log}'\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_folder.FullName}{Path.PathSeparator}{_path}");
    }

    /// <summary>How it was called.</summary>
    public string Calls => File.Exists(Log) ? File.ReadAllText(Log) : "";

    private string Log => Path.Combine(_folder.FullName, "calls.txt");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Delete(recursive: true);
    }
}
