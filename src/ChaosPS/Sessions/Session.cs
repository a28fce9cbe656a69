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

    /// <summary>Finds the cluster of a session that has chosen none. Only tests put anything else here, since this is always a real cluster's.</summary>
    internal Func<ChaosConnection> FindImplicit { get; set; } = static () => Composer.Composition.Connect(new KubeConfigOptions());

    /// <summary>The context that the user has allowed to be changed though it was not chosen.</summary>
    public string? AllowedImplicitly { get; set; }

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
    public ChaosConnection Open() => Connection ?? FindImplicit();
}
