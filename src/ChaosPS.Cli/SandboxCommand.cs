using System.CommandLine;
using ChaosPS.Providers.Yaml;
using ChaosPS.Sandbox;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Cli;

/// <summary><c>chaosps sandbox</c>: serves an emulated cluster to the other processes of this machine until it is told to stop.</summary>
internal static class SandboxCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("source")
        {
            Description = "What it is made of: contactsapp, a snapshot, or a file or folder of manifests.",
            HelpName = "SOURCE",
            DefaultValueFactory = static _ => "contactsapp",
        };
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen: an address of this machine's own. With port 0 the system chooses one that is free.",
            HelpName = "ADDRESS:PORT",
            DefaultValueFactory = static _ => "127.0.0.1:0",
        };
        var kubeConfig = new Option<string?>("--kubeconfig")
        {
            Description = "Write a kubeconfig once it serves, and remove it in the end. A file that is no sandbox's is not touched.",
            HelpName = "FILE",
        };
        var speed = new Option<double>("--speed")
        {
            Description = "How many of its seconds pass in one second.",
            HelpName = "N",
            DefaultValueFactory = static _ => 1,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "What all chance comes from.",
            HelpName = "N",
            DefaultValueFactory = static _ => 1,
        };
        var verbose = new Option<bool>("--verbose") { Description = "Say what is done, and why." };
        var command = new Command("sandbox", "Serve an emulated AKS cluster on loopback to kubectl and other processes: prints its address, and runs until SIGINT, SIGTERM or SIGHUP.")
        {
            source, listen, kubeConfig, speed, seed, verbose,
        };
        var made = new SandboxArguments();
        made.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            var options = made.Add(parsed, new SandboxOptions { Seed = parsed.GetValue(seed), Speed = parsed.GetValue(speed) });
            var log = new TerminalLog(terminal.Error, live: true, parsed.GetValue(verbose));
            var sandbox = SandboxFactory.Create(parsed.GetRequiredValue(source), options, new YamlDocumentReader(), log);
            var path = parsed.GetValue(kubeConfig);
            if (path is not null) SandboxKubeConfig.Clear(path);

            await using var server = SandboxServer.Start(sandbox, parsed.GetRequiredValue(listen), log);
            using var written = path is null ? null : SandboxKubeConfig.Write(path, server.Sandbox);
            Say(terminal, server.Sandbox, path);
            await WaitAsync(signals.Token);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The output is the address alone, for scripts; the rest is for people.</summary>
    private static void Say(Terminal terminal, ChaosSandbox sandbox, string? kubeConfig)
    {
        var address = sandbox.Uri!.GetLeftPart(UriPartial.Authority);
        terminal.Error.WriteLine(FormattableString.Invariant($"Sandbox {sandbox.Name}, seed {sandbox.Seed}, at {sandbox.Speed} times real time, until Ctrl+C."));
        if (kubeConfig is not null) terminal.Error.WriteLine($"  kubectl --kubeconfig {kubeConfig} get nodes");
        terminal.Error.WriteLine($"  chaosps run FILE --sandbox {address}");
        terminal.Error.WriteLine($"  Connect-ChaosCluster -Sandbox {address}");
        terminal.Output.WriteLine(address);
        terminal.Output.Flush();
    }

    private static async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TimeProvider.System.DelayAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }
}
