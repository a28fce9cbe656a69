using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ChaosPS.Completion;
using ChaosPS.Ports;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sessions;

/// <summary>What a runspace is connected to: two runspaces have two connections, and one that ends takes its own along.</summary>
internal sealed class Session
{
    private static readonly ConditionalWeakTable<Runspace, Session> s_sessions = [];

    /// <summary>The session of the runspace that the calling thread works for.</summary>
    public static Session Current => s_sessions.GetValue(Runspace.DefaultRunspace, static _ => new Session());

    /// <summary>What the user connected to; null when nothing was chosen.</summary>
    public ChaosConnection? Connection { get; private set; }

    /// <summary>The sandbox behind <see cref="Connection"/>; null for a real cluster.</summary>
    public ChaosSandbox? Sandbox { get; private set; }

    /// <summary>The names that Tab has read from it.</summary>
    public CompletionCache Completions { get; } = new();

    /// <summary>Connects to a sandbox.</summary>
    public ChaosConnection Connect(ChaosSandbox sandbox)
    {
        var connection = Composer.Composition.Connect(sandbox);
        Use(connection, sandbox);
        return connection;
    }

    /// <summary>Goes over to a connection that was made and tried.</summary>
    public void Use(ChaosConnection? connection, ChaosSandbox? sandbox)
    {
        Connection = connection;
        Sandbox = sandbox;
        Completions.Clear();
    }

    /// <summary>The chosen connection, or one to the kubeconfig's current context, which is looked up anew each time.</summary>
    /// <exception cref="Errors.ChaosException">Nothing was chosen, and there is no usable kubeconfig: id <c>NoCluster</c>.</exception>
    public ChaosConnection Open() => Connection ?? Composer.Composition.Connect(new KubeConfigOptions());
}
