namespace ChaosPS.Tests.Experiments;

/// <summary>The workshop's experiment as JSON, for the fake machines: stop instance 0, and see whether the application still answers.</summary>
internal static class Workshop
{
    /// <summary>Where, in <see cref="AsPrinted"/>, a key reads the wrong variable.</summary>
    public const int LineOfMistake = 7;

    public static string AsPrinted { get; } = Text("AZURE_CLUSTER_RESOURCE_GROUP", "15");

    public static string Corrected { get; } = Text("AZURE_CLUSTER_VMSS_NAME", "15");

    public static Dictionary<string, string> Environment { get; } = new()
    {
        ["AZURE_SUBSCRIPTION_ID"] = "s1",
        ["AZURE_CLUSTER_RESOURCE_GROUP"] = "MC_rg",
        ["AZURE_CLUSTER_VMSS_NAME"] = "aks-nodepool1-vmss",
        ["AZURE_CLUSTER_VMSS_INSTANCE0"] = "aks-nodepool1-vmss_0",
        ["AZURE_CLUSTER_VMSS_INSTANCE1"] = "aks-nodepool1-vmss_1",
        ["APP_ENDPOINT"] = "app.invalid",
    };

    public static string Text(string variableOfScaleSet, string pause, string path = "/", string more = "") => """
        {"title": "Validate pod distribution over k8s nodes",
         "description": "Stops k8s node of VM scale set and validates application availability",
         "configuration": {
          "azure_subscription_id": {"type": "env", "key": "AZURE_SUBSCRIPTION_ID"},
          "azure_resource_group": {"type": "env", "key": "AZURE_CLUSTER_RESOURCE_GROUP"},
          "azure_vmss_name": {"type": "env",
           "key": "@variable"},
          "azure_vmss_instanceId": {"type": "env", "key": "AZURE_CLUSTER_VMSS_INSTANCE0"},
          "azure_app_endpoint": {"type": "env", "key": "APP_ENDPOINT"}},
         "steady-state-hypothesis": {"title": "Verifying application is still healthy", "probes": [
          {"type": "probe", "name": "frontend-must-still-respond", "tolerance": 200,
           "provider": {"type": "http", "timeout": 2, "url": "http://${azure_app_endpoint}@path"}}]},
         "method": [
          {"type": "action", "name": "stop-instance",
           "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "stop_vmss", "arguments": {
            "filter": "where resourceGroup=~'${azure_resource_group}' and name=~'${azure_vmss_name}'",
            "instance_criteria": [{"name": "${azure_vmss_instanceId}"}]}},
           "pauses": {"after": @pause}}@more],
         "rollbacks": [
          {"type": "action", "name": "restart-instance",
           "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "restart_vmss", "arguments": {
            "filter": "where resourceGroup=~'${azure_resource_group}' and name=~'${azure_vmss_name}'",
            "instance_criteria": [{"name": "${azure_vmss_instanceId}"}]}}}]}
        """
        .Replace("@variable", variableOfScaleSet, StringComparison.Ordinal)
        .Replace("@path", path, StringComparison.Ordinal)
        .Replace("@pause", pause, StringComparison.Ordinal)
        .Replace("@more", more, StringComparison.Ordinal);
}
