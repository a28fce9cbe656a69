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

    private readonly Lock _lock = new();
    private readonly List<ServingSandbox> _services = [];
    private readonly HashSet<(string Name, string Server)> _known = [];

    private Session(Runspace runspace) => runspace.StateChanged += (_, change) =>
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken) StopServing();
    };

    /// <summary>The session of the runspace that the calling thread works for.</summary>
    public static Session Current => s_sessions.GetValue(Runspace.DefaultRunspace, static runspace => new Session(runspace));

    /// <summary>What the user connected to; null when nothing was chosen.</summary>
    public ChaosConnection? Connection { get; private set; }

    /// <summary>The sandbox behind <see cref="Connection"/>; null for a real cluster.</summary>
    public ChaosSandbox? Sandbox { get; private set; }

    /// <summary>The sandboxes of the session: the one that it is connected to, and those that it serves.</summary>
    public IReadOnlyList<ChaosSandbox> Sandboxes
    {
        get
        {
            lock (_lock) return [.. new[] { Sandbox }.OfType<ChaosSandbox>().Concat(_services.Select(static service => service.Sandbox)).Distinct()];
        }
    }

    /// <summary>The names that Tab has read from it.</summary>
    public CompletionCache Completions { get; } = new();

    /// <summary>Finds the cluster of a session that has chosen none. Only tests put anything else here, since this is always a real cluster's.</summary>
    internal Func<ChaosConnection> FindImplicit { get; set; } = static () => Composer.Composition.Connect(new KubeConfigOptions());

    /// <summary>Whether a cluster is seen for the first time; after that it is known.</summary>
    public bool IsNew(ChaosConnection connection) => _known.Add((connection.Name, connection.Server));

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

    /// <summary>Keeps the connection, now that it is known where in Azure its cluster is.</summary>
    public void Locate(ChaosConnection located) => Connection = located;

    /// <summary>Takes charge of a sandbox that is served: it ends with the session at the latest.</summary>
    public void Add(ServingSandbox service)
    {
        lock (_lock) _services.Add(service);
    }

    /// <summary>What serves a sandbox; null when nothing of this session does.</summary>
    public ServingSandbox? FindService(ChaosSandbox sandbox)
    {
        lock (_lock) return _services.Find(service => service.Sandbox == sandbox);
    }

    /// <summary>Stops to serve a sandbox.</summary>
    public async Task StopAsync(ServingSandbox service)
    {
        lock (_lock) _services.Remove(service);
        await service.DisposeAsync();
    }

    /// <summary>Stops to serve whatever is served: the session ends, or the module is removed from it.</summary>
    public void StopServing()
    {
        ServingSandbox[] services;
        lock (_lock)
        {
            services = [.. _services];
            _services.Clear();
        }

        foreach (var service in services) service.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The chosen connection, or one to the kubeconfig's current context, which is looked up anew each time.</summary>
    /// <exception cref="Errors.ChaosException">Nothing was chosen, and there is no usable kubeconfig: id <c>NoCluster</c>.</exception>
    public ChaosConnection Open() => Connection ?? FindImplicit();
}
