using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes.KubeConfigs;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>A program that gives credentials, and how it is run.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins .</remarks>
/// <param name="exec">What the kubeconfig says of it.</param>
/// <param name="user">The kubeconfig's user.</param>
/// <param name="cluster">What it is told of the cluster; null for nothing.</param>
/// <param name="isTerminal">Whether somebody sits at the standard input.</param>
internal sealed class ExecPlugin(KubeConfigExec exec, string user, JsonObject? cluster, Func<bool> isTerminal)
{
    /// <summary>How long it may take, which may be a login in a browser.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>The versions of the contract.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    /// <summary>The program, for messages.</summary>
    public string Name => Path.GetFileName(exec.Command);

    /// <summary>The program with its arguments, to try it by hand.</summary>
    public string Line => string.Join(' ', exec.Arguments.Prepend(exec.Command));

    /// <summary>Runs it.</summary>
    /// <exception cref="ChaosException">It is not there, fails, takes too long or gives nothing of use: ids <c>CredentialPluginNotFound</c>, <c>CredentialPluginFailed</c>.</exception>
    public async Task<ExecAnswer> RunAsync(CancellationToken cancellationToken)
    {
        var interactive = IsInteractive();
        using var process = Start(interactive);

        // A process lives in real time, whatever clock a run has.
        using var limit = new CancellationTokenSource(s_longest, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (!interactive) process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(both.Token);
            await process.WaitForExitAsync(both.Token);
            var text = await output;
            return process.ExitCode == 0
                ? ExecAnswer.Read(text, exec.ApiVersion)
                : throw ChaosErrors.CredentialPluginFailed(Name, user, $"it ended with exit code {process.ExitCode}", Line);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw ChaosErrors.CredentialPluginFailed(Name, user, $"it did not end within {s_longest.TotalMinutes:0} minutes", Line);
        }
        catch (FormatException exception)
        {
            throw ChaosErrors.CredentialPluginFailed(Name, user, exception.Message, Line, exception);
        }
    }

    /// <summary>The certificate of an answer.</summary>
    /// <exception cref="ChaosException">It cannot be used: id <c>CredentialPluginFailed</c>.</exception>
    public ClientCertificate ReadCertificate(ExecAnswer answer)
    {
        try
        {
            return ClientCertificate.Read(answer.Certificate!, answer.Key!);
        }
        catch (CryptographicException exception)
        {
            throw ChaosErrors.CredentialPluginFailed(Name, user, exception.Message, Line, exception);
        }
    }

    private bool IsInteractive() => exec.InteractiveMode switch
    {
        "Never" => false,
        "Always" => isTerminal()
            ? true
            : throw ChaosErrors.CredentialPluginFailed(Name, user, "it must be able to ask (interactiveMode: Always), and the standard input is no terminal", Line),
        _ => isTerminal(),
    };

    private Process Start(bool interactive)
    {
        // Its error output is the user's to see: logins say there where to go.
        var start = new ProcessStartInfo(Locate() ?? throw NotFound(null)) { RedirectStandardOutput = true, RedirectStandardInput = !interactive };
        foreach (var argument in exec.Arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in exec.Environment) start.Environment[name] = value;
        var spec = new JsonObject { ["interactive"] = interactive };
        if (exec.ProvideClusterInfo && cluster is not null) spec["cluster"] = cluster.DeepClone();
        start.Environment["KUBERNETES_EXEC_INFO"] =
            new JsonObject { ["kind"] = "ExecCredential", ["apiVersion"] = exec.ApiVersion, ["spec"] = spec }.ToJsonString();
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw ChaosErrors.CredentialPluginFailed(Name, user, $"it cannot be started: {exception.Message}", Line, exception);
        }
    }

    private ChaosException NotFound(Exception? inner) => ChaosErrors.CredentialPluginNotFound(exec.Command, user, Printable(exec.InstallHint), inner);

    /// <summary>The program's whole path, found as a shell finds it; null when there is none.</summary>
    private string? Locate()
    {
        string[] endings = OperatingSystem.IsWindows()
            ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';', StringSplitOptions.RemoveEmptyEntries)]
            : [""];
        string[] folders = Path.IsPathRooted(exec.Command)
            ? [""]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => endings.Select(ending => Path.Combine(folder, exec.Command + ending))).FirstOrDefault(File.Exists);
    }

    /// <summary>A hint without what could move a terminal's cursor or colours.</summary>
    private static string Printable(string hint) => string.Concat(hint.Trim().Where(static sign => !char.IsControl(sign) || sign is '\n' or '\t'));
}
