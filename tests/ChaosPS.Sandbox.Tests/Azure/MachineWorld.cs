using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandbox.Tests.Sources;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>A sandbox whose nodes are of every kind of machine, with the real clients in front of it; its requests to Azure are noted.</summary>
internal sealed class MachineWorld : IDisposable
{
    public const string Subscription = "6e0a63cf-54c1-4d4f-9c0b-3f6d2a8b7c10";
    public const string Tenant = "2f8d1b7e-93a4-4b52-8f6d-0c5e7a9b4d31";
    public const string Place = $", tenant {Tenant}, Sandbox";
    public const string Group = "MC_shop-rg_shop_westeurope";

    private readonly TextFolder _folder;

    public MachineWorld(params string[] more)
    {
        string[] nodes =
        [
            Node("uniform-a", "virtualMachineScaleSets/uniform/virtualMachines/0"),
            Node("uniform-b", "virtualMachineScaleSets/uniform/virtualMachines/1"),
            Node("flexible-a", "virtualMachines/flex_0a1b2c3d"),
            Node("flexible-b", "virtualMachines/flex_0a1b2c3e"),
            Node("vm-a", "virtualMachines/aks-vmpool-00000001"),
            Node("vm-b", "virtualMachines/aks-vmpool-00000002"),
            Node("spot-a", "virtualMachineScaleSets/spot/virtualMachines/0", "kubernetes.azure.com/scalesetpriority: spot"),
            Node("spot-b", "virtualMachines/spotvm", "kubernetes.azure.com/scalesetpriority: spot"),
            .. more,
        ];
        _folder = new TextFolder(("nodes.yaml", string.Join("---\n", nodes)));
        var composition = new Composition();
        Sandbox = SandboxFactory.Create(_folder.Path, new SandboxOptions { Seed = 1 }, composition.Documents);
        Requests = new RequestLog(Sandbox);
        Connection = composition.Connect(Requests.Sandbox);
    }

    public ChaosSandbox Sandbox { get; }

    public RequestLog Requests { get; }

    public ChaosConnection Connection { get; }

    /// <summary>Every kind of machine, and spot machines.</summary>
    public static TheoryData<string> Kinds => ["uniform-a", "flexible-a", "vm-a"];

    public void Dispose()
    {
        Requests.Dispose();
        _folder.Dispose();
    }

    /// <summary>A Node manifest.</summary>
    public static string Node(string name, string machine, string? label = null) => $$"""
        apiVersion: v1
        kind: Node
        metadata:
          name: {{name}}
          labels:
            agentpool: {{name.Split('-')[0]}}
            kubernetes.azure.com/mode: system
            topology.kubernetes.io/region: westeurope
            topology.kubernetes.io/zone: westeurope-1
            {{label ?? "kubernetes.io/os: linux"}}
        spec:
          providerID: azure:///subscriptions/{{Subscription}}/resourceGroups/{{Group.ToLowerInvariant()}}/providers/Microsoft.Compute/{{machine}}

        """;

    public Task<T> Run<T>(Func<Task<T>> work) => Connection.Time.RunAsync(work);

    public Task Run(Func<Task> work) => Connection.Time.RunAsync(work);

    /// <summary>Whatever went wrong, its message says where.</summary>
    public static async Task<ChaosException> Fails(Func<Task> work)
    {
        var error = await Assert.ThrowsAsync<ChaosException>(work);
        Assert.Contains(Subscription, error.Message, StringComparison.Ordinal);
        Assert.Contains(Place, error.Message, StringComparison.Ordinal);
        return error;
    }

    /// <summary>The machine behind a node.</summary>
    public Task<ScaleSetInstance> Machine(string node) => Run(async () =>
        await Connection.Power.GetInstanceAsync((await Connection.Cluster.GetNodeAsync(node, default))!, default));

    /// <summary>Changes the power of a node's machine and waits for the end.</summary>
    public async Task Change(string node, PowerAction action, bool skipShutdown = false)
    {
        var machine = await Machine(node);
        await Run(async () => await (await Connection.Power.BeginAsync(machine, action, skipShutdown, default)).WaitAsync(default));
    }

    public Task<SandboxFault> Add(SandboxFaultKind kind, string? code = null, int? count = 1) =>
        Sandbox.AddFaultAsync(new SandboxFault { Fault = kind, Code = code, Count = count }, null, default);
}
