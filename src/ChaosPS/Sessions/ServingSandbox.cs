using ChaosPS.Sandboxes;

namespace ChaosPS.Sessions;

/// <summary>A sandbox that this session serves to other processes, and what ends with it.</summary>
/// <param name="sandbox">The sandbox, with its address.</param>
/// <param name="server">What serves it.</param>
/// <param name="kubeConfig">The kubeconfig that leads to it; null when none was asked for.</param>
internal sealed class ServingSandbox(ChaosSandbox sandbox, IAsyncDisposable server, IDisposable? kubeConfig) : IAsyncDisposable
{
    /// <summary>The sandbox, with its address.</summary>
    public ChaosSandbox Sandbox { get; } = sandbox;

    /// <summary>Stops to serve it.</summary>
    public async ValueTask DisposeAsync()
    {
        kubeConfig?.Dispose();
        await server.DisposeAsync();
    }
}
