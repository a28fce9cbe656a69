using ChaosPS.Experiments.Python;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>What a run in a sandbox may reach: the hosts that the sandbox serves. Nothing else, and no program.</summary>
/// <param name="Sandbox">The sandbox's name.</param>
/// <param name="Hosts">The hosts that it serves.</param>
public sealed record Confinement(string Sandbox, IReadOnlyCollection<string> Hosts)
{
    /// <summary>That of runs on a connection; null on a real cluster, and without one.</summary>
    public static Confinement? For(ChaosConnection? connection) =>
        connection is { ServedHosts: { } hosts } ? new Confinement(connection.Name, hosts) : null;

    /// <summary>Finds what of an activity, or of anything else that is played, would leave the sandbox.</summary>
    internal void Check(string name, ActivityProvider provider, Substitution substitution, FindingList findings)
    {
        switch (provider)
        {
            case ProcessProvider process:
                findings.Error(
                    "LeavesSandbox", process.Node["path"] ?? process.Node,
                    $"'{name}' runs a program, which can reach everything that you can, and nothing leaves sandbox {Sandbox}.", Permission);
                break;
            case PowerShellProvider script:
                findings.Error(
                    "LeavesSandbox", script.Node["type"]!,
                    $"'{name}' runs PowerShell, which can reach everything that you can, and nothing leaves sandbox {Sandbox}.", Permission);
                break;
            case NativeProvider { Activity: FileAction action } files:
                findings.Error(
                    "LeavesSandbox", files.Node["func"] ?? files.Node, $"'{name}' ({action}) changes files of this machine, and nothing leaves sandbox {Sandbox}.", Permission);
                break;
            case HttpProvider http when http.Node["url"] is { } url
                && Uri.TryCreate(PythonValue.Text(substitution.Apply(DocumentValues.ToValue(url))), UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https" && !Serves(uri.Host):
                findings.Error(
                    "LeavesSandbox", url,
                    $"'{name}' sends to the host '{uri!.Host}', which sandbox {Sandbox} does not serve, and nothing leaves it. It serves {Errors.ChaosErrors.List(Hosts)}.",
                    Permission);
                break;
        }
    }

    /// <summary>Whether the sandbox answers for a host.</summary>
    internal bool Serves(string host) => Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static string Permission => "Send to a host that the sandbox serves, or permit it with -AllowExternal (--allow-external on the command line).";
}
