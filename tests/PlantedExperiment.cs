namespace ChaosPS.Tests;

/// <summary>An experiment with a secret wherever one can be: nothing that comes out may hold the word <c>planted</c>.</summary>
internal static class PlantedExperiment
{
    /// <summary>The experiment, in YAML. The variable CHAOSPS_TEST_TOKEN holds one of the secrets.</summary>
    /// <param name="url">What its probe asks.</param>
    /// <param name="filter">What its action looks for.</param>
    public static string Of(string url, string filter) => $$"""
        title: Secrets ${token}
        description: Plants secrets of every sort.
        configuration:
          azure_vmss_name: { type: env, key: AZURE_CLUSTER_VMSS_NAME }
          azure_app_endpoint: { type: env, key: APP_ENDPOINT }
        secrets:
          scope: { token: { type: env, key: CHAOSPS_TEST_TOKEN }, literal: planted-literal }
          more: { given: none, spaced: none }
        steady-state-hypothesis:
          title: It answers
          probes:
          - type: probe
            name: ask
            tolerance: { type: regex, pattern: ".", target: body }
            provider: { type: http, url: "{{url}}", timeout: 2, headers: { Authorization: "Bearer planted-header", X-Api-Key: "${token}" } }
        method:
        - type: action
          name: stop
          provider:
            type: python
            module: chaosazure.vmss.actions
            func: stop_vmss
            arguments: { filter: "{{filter}}", instance_criteria: [{ instance_id: "0" }] }
          pauses: { after: 60 }
        - type: action
          name: echo
          provider: { type: process, path: echo, arguments: ["${token}", "${given}", "${literal}"] }
        - type: action
          name: fail
          provider: { type: process, path: sh, arguments: ["-c", "echo ${token} >&2; exit 3"] }
        """;
}
