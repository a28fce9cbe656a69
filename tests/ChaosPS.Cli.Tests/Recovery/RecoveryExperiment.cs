namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>An experiment whose run is killed.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Path">Its file.</param>
/// <param name="Options">More of the command line.</param>
internal sealed record RecoveryExperiment(string Name, string Path, params string[] Options)
{
    public static RecoveryExperiment StopAndRestart { get; } = Write("stop and restart", "stop_vmss", ["${azure_vmss_instanceId}"], "restart_vmss");

    public static RecoveryExperiment StopOnly { get; } = Write("stop and leave it to the undo", "stop_vmss", ["${azure_vmss_instanceId}"], null);

    public static RecoveryExperiment StopMarked { get; } = Write("stop with a mark in the cluster", "stop_vmss", ["${azure_vmss_instanceId}"], null, "--lease");

    public static RecoveryExperiment StopTwo { get; } = Write(
        "stop two", "stop_vmss", ["${azure_vmss_instanceId}", "${azure_vmss_name}_9"], "start_vmss", "--max-nodes-down", "2");

    public static RecoveryExperiment Restart { get; } = Write("restart", "restart_vmss", ["${azure_vmss_instanceId}"], null);

    public static RecoveryExperiment Deallocate { get; } = Write("deallocate", "deallocate_vmss", ["${azure_vmss_instanceId}"], null);

    public static RecoveryExperiment Drain { get; } = Write(
        "cordon one and drain another",
        [Node("cordon_node", "name: aks-nodepool1-36421985-vmss000009"), Node("drain_nodes", "name: aks-nodepool1-36421985-vmss000000, delete_pods_with_local_storage: true")],
        null);

    public static IReadOnlyList<RecoveryExperiment> All { get; } = [StopAndRestart, StopOnly, StopMarked, StopTwo, Restart, Deallocate, Drain];

    public string[] Arguments(WatchedSandbox sandbox) =>
        ["run", Path, "--sandbox", sandbox.Address, "--state-path", sandbox.StatePath, .. Options];

    public override string ToString() => Name;

    private static RecoveryExperiment Write(string name, string method, string[] instances, string? rollback, params string[] options) =>
        Write(name, [Action(method, instances)], rollback is null ? null : Action(rollback, instances), options);

    private static RecoveryExperiment Write(string name, string[] method, string? rollback, params string[] options)
    {
        var text = $$"""
            version: 1.0.0
            title: {{name}}
            description: A run that will not end by itself.
            configuration:
              azure_vmss_name: {type: env, key: AZURE_CLUSTER_VMSS_NAME}
              azure_vmss_instanceId: {type: env, key: AZURE_CLUSTER_VMSS_INSTANCE0}
              azure_app_endpoint: {type: env, key: APP_ENDPOINT}
            steady-state-hypothesis:
              title: Users are served
              probes:
              - type: probe
                name: search
                tolerance: 200
                provider: {type: http, timeout: 600, url: "http://${azure_app_endpoint}/api/search/contacts?phrase=mustermann"}
              - type: probe
                name: frontend
                tolerance: 200
                provider: {type: http, timeout: 600, url: "http://${azure_app_endpoint}/"}
            method:

            """;
        foreach (var (index, provider) in method.Index())
        {
            text += $$"""
                - type: action
                  name: hit {{index}}
                  provider: {{provider}}
                  pauses: {after: 5}

                """;
        }

        if (rollback is not null)
        {
            text += $"""
                rollbacks:
                - type: action
                  name: mend
                  provider: {rollback}

                """;
        }

        return new RecoveryExperiment(name, Samples.Write($"recovery-{name.Replace(' ', '-')}.yaml", text), options);
    }

    private static string Node(string function, string arguments) =>
        $"{{type: python, module: chaosk8s.node.actions, func: {function}, arguments: {{{arguments}}}}}";

    private static string Action(string function, string[] instances) =>
        $"{{type: python, module: chaosazure.vmss.actions, func: {function}, arguments: {{filter: \"where name=~'${{azure_vmss_name}}'\", "
        + $"instance_criteria: [{string.Join(", ", instances.Select(static name => $"{{name: \"{name}\"}}"))}]}}}}";
}
