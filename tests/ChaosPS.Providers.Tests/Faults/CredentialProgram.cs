namespace ChaosPS.Providers.Tests.Faults;

/// <summary>A credential plugin: a script that notes that it was run, and what it was told, and prints what the test wants.</summary>
internal sealed class CredentialProgram
{
    private readonly KubeConfigFolder _folder;

    public CredentialProgram(KubeConfigFolder folder)
    {
        _folder = folder;
        if (OperatingSystem.IsWindows())
        {
            Path = folder.Write("plugin.cmd", "@echo off\r\necho %KUBERNETES_EXEC_INFO%>>\"%~dp0runs\"\r\necho %GREETING% %*>\"%~dp0arguments\"\r\ntype \"%~dp0answer\"\r\nexit /b %CODE%\r\n");
            return;
        }

        Path = folder.Write("plugin", "#!/bin/sh\nhere=$(dirname \"$0\")\necho \"$KUBERNETES_EXEC_INFO\" >> \"$here/runs\"\necho \"$GREETING\" \"$@\" > \"$here/arguments\"\ncat \"$here/answer\"\nexit ${CODE:-0}\n");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The script.</summary>
    public string Path { get; }

    /// <summary>What it was told, a line a run.</summary>
    public IReadOnlyList<string> Runs => File.Exists(At("runs")) ? File.ReadAllLines(At("runs")) : [];

    /// <summary>The variable GREETING and the arguments of the last run.</summary>
    public string Arguments => File.ReadAllText(At("arguments")).Trim();

    /// <summary>A user that signs in with it.</summary>
    /// <param name="more">Further fields of <c>exec</c>.</param>
    /// <param name="version">The version of the contract.</param>
    public string User(string more = "interactiveMode: Never", string version = "v1") =>
        $"exec: {{command: '{Path}', apiVersion: client.authentication.k8s.io/{version}{(more.Length > 0 ? $", {more}" : "")}}}";

    /// <summary>What it prints from now on.</summary>
    public CredentialProgram Print(string status, string version = "v1") =>
        PrintText($$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/{{version}}","status":{{status}}}""");

    /// <inheritdoc cref="Print"/>
    public CredentialProgram PrintText(string text)
    {
        _folder.Write("answer", text);
        return this;
    }

    private string At(string name) => System.IO.Path.Combine(_folder.Folder, name);
}
