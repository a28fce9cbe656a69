using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Tests.Chaosk8s;

internal static partial class ActivityCases
{
    private const string Labels = "service=frontend";

    private static IEnumerable<KeyValuePair<string, ActivityCase>> Pods()
    {
        Act Count(string labels = Labels, string more = "") => new("pod.probes.count_pods", $$"""{"label_selector":"{{labels}}","ns":"{{S}}"{{more}} }""");
        Act Probe(string function, string arguments) => new($"pod.probes.{function}", $$"""{"ns":"{{S}}",{{arguments}} }""");
        yield return new("pod.actions.terminate_pods", new ActivityCase(
            [new("pod.actions.terminate_pods", $$"""{"label_selector":"service=searchapi","name_pattern":"^search-.*","qty":50,"mode":"percentage","rand":true,"grace_period":0,"ns":"{{S}}"}""") { Pause = 60 }, Count("service=searchapi")],
            static outputs => Assert.Equal((1, 2), (outputs[0]!.AsArray().Count, Number(outputs[1]))))
        {
            After = static async (world, run) => Assert.Null(await world.FindAsync("", "Pod", "pods", S, (string)run.Activities[0].Output![0]!)),
        });
        yield return new("pod.actions.delete_pods", new ActivityCase(
            [new("pod.actions.delete_pods", $$"""{"label_selector":"{{Labels}}","ns":"{{S}}"}""") { Pause = 60 }, Count()],
            static outputs => Assert.StartsWith("frontend-deploy-", (string?)Assert.Single(outputs[0]!.AsArray()), StringComparison.Ordinal))
        {
            After = static async (world, run) => Assert.Null(await world.FindAsync("", "Pod", "pods", S, (string)run.Activities[0].Output![0]!)),
        });
        var logs = Probe("read_pod_logs", $"\"label_selector\":\"{Labels}\"");
        yield return new("pod.actions.exec_in_pods", new ActivityCase(
            [
                new("pod.actions.exec_in_pods", $$"""{"cmd":"sh -c 'echo from $HOSTNAME; nothing'","label_selector":"{{Labels}}","ns":"{{S}}"}"""),
                new("pod.actions.exec_in_pods", $$"""{"cmd":["kill","1"],"label_selector":"{{Labels}}","ns":"{{S}}"}""") { Pause = 30 },
                Probe("read_pod_logs", $"\"label_selector\":\"{Labels}\",\"from_previous\":true"),
            ],
            static outputs =>
            {
                var answer = Assert.Single(outputs[0]!.AsArray())!;
                Assert.Equal((127L, $"from {answer["pod_name"]}\n"), (Number(answer["exit_code"]), (string?)answer["stdout"]));
                Assert.Contains("\"nothing\": executable file not found", (string?)answer["stderr"], StringComparison.Ordinal);
                Assert.Equal(0, Number(Assert.Single(outputs[1]!.AsArray())!["exit_code"]));
                Assert.EndsWith("ends with exit code 0\n", (string?)Assert.Single(outputs[2]!.AsObject()).Value, StringComparison.Ordinal);
            })
        {
            Irreversible = true,
            After = static async (world, run) =>
            {
                var pod = await world.FindAsync("", "Pod", "pods", S, (string)run.Activities[1].Output![0]!["pod_name"]!);
                var status = Assert.Single(pod!["status"]!["containerStatuses"]!.AsArray())!;
                Assert.Equal((1L, true), (Number(status["restartCount"]), (bool)status["ready"]!));
            },
        });
        yield return new("pod.probes.read_pod_logs", new ActivityCase(
            [logs, new("pod.actions.delete_pods", $$"""{"label_selector":"{{Labels}}","ns":"{{S}}"}""") { Pause = 10 }, Probe("read_pod_logs", $"\"label_selector\":\"{Labels}\",\"last\":\"7s\"")],
            static outputs =>
            {
                var (name, log) = Assert.Single(outputs[0]!.AsObject());
                Assert.StartsWith("frontend-deploy-", name, StringComparison.Ordinal);
                Assert.Contains(" starts: ", (string?)log, StringComparison.Ordinal);
                var (next, newLog) = Assert.Single(outputs[2]!.AsObject());
                Assert.NotEqual(name, next);
                Assert.DoesNotContain(" starts: ", (string?)newLog, StringComparison.Ordinal);
                Assert.EndsWith(" serves\n", (string?)newLog, StringComparison.Ordinal);
            }));
        yield return new("pod.probes.should_be_found_in_logs", new ActivityCase(
            [
                new("pod.probes.should_be_found_in_logs", """{"pattern":"er+or","value":{"a":"an error","b":"all well"}}"""),
                new("pod.probes.should_be_found_in_logs", """{"pattern":"er+or","all_containers":false,"value":{"a":"an error","b":"all well"}}"""),
            ],
            static outputs =>
            {
                IsFalse(outputs[0]);
                IsTrue(outputs[1]);
            }));
        yield return new("pod.probes.count_pods", new ActivityCase(
            [Count("service=searchapi"), Count("", ",\"phase\":\"Running\""), Count("service=nobody")],
            static outputs => Assert.Equal((2, 10, 0), (Number(outputs[0]), Number(outputs[1]), Number(outputs[2])))));
        yield return new("pod.probes.count_min_pods", new ActivityCase(
            [Probe("count_min_pods", "\"label_selector\":\"service=searchapi\""), Probe("count_min_pods", $"\"label_selector\":\"{Labels}\"")],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[1]);
            }));
        yield return new("pod.probes.pods_in_phase", new ActivityCase(
            [Probe("pods_in_phase", $"\"label_selector\":\"{Labels}\""), Probe("pods_in_phase", "\"label_selector\":\"service=nobody\",\"raise_on_invalid_phase\":false")],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[1]);
            }));
        yield return new("pod.probes.pods_not_in_phase", new ActivityCase(
            [
                Probe("pods_not_in_phase", $"\"label_selector\":\"{Labels}\",\"phase\":\"Pending\""),
                Probe("pods_not_in_phase", $"\"label_selector\":\"{Labels}\",\"raise_on_in_phase\":false"),
            ],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[1]);
            }));
        yield return new("pod.probes.pods_in_conditions", new ActivityCase(
            [
                Probe("pods_in_conditions", $$"""
                    "label_selector":"{{Labels}}","conditions":[{"type":"Ready","status":"True"}]
                    """),
                Probe("pods_in_conditions", $$"""
                    "label_selector":"{{Labels}}","conditions":[{"type":"Ready","status":"False"}],"raise_on_invalid_conditions":false
                    """),
            ],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[1]);
            }));
        yield return new("pod.probes.pod_is_not_available", new ActivityCase(
            [
                Probe("pod_is_not_available", "\"name\":\"frontend\",\"label_selector\":\"service={name}\",\"raise_on_is_available\":false"),
                new("deployment.actions.scale_deployment", $$"""{"name":"{{Front}}","ns":"{{S}}","replicas":0}""") { Pause = 90 },
                Probe("pod_is_not_available", "\"name\":\"frontend\",\"label_selector\":\"service={name}\""),
            ],
            static outputs =>
            {
                IsFalse(outputs[0]);
                IsTrue(outputs[2]);
            }));
        yield return new("pod.probes.all_pods_healthy", new ActivityCase(
            [
                Probe("all_pods_healthy", "\"raise_on_any_unhealthy\":true"),
                new("deployment.actions.scale_deployment", $$"""{"name":"mssql-deployment","ns":"{{S}}","replicas":40}""") { Pause = 30 },
                Probe("all_pods_healthy", "\"raise_on_any_unhealthy\":false"),
            ],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[2]);
            }));
    }

    private static IEnumerable<KeyValuePair<string, ActivityCase>> Nodes()
    {
        const string Node = "aks-nodepool1-36421985-vmss000009";
        var nodes = new Act("node.probes.get_nodes", $$"""{"label_selector":"kubernetes.io/hostname={{Node}}"}""");
        static bool Cordoned(JsonNode? list) => (bool?)list!["items"]![0]!["spec"]!["unschedulable"] ?? false;
        var cordon = new Act("node.actions.cordon_node", $$"""{"name":"{{Node}}"}""");
        yield return new(cordon.Function, new ActivityCase([cordon, nodes], static outputs =>
        {
            Assert.Equal($"""["{Node}"]""", outputs[0]!.ToJsonString());
            Assert.True(Cordoned(outputs[1]));
        })
        {
            After = static async (world, _) => Assert.Null((await world.FindAsync("", "Node", "nodes", null, Node))!["spec"]!["unschedulable"]),
        });
        yield return new("node.actions.uncordon_node", new ActivityCase(
            [cordon, new("node.actions.uncordon_node", $$"""{"label_selector":"kubernetes.io/hostname={{Node}}"}"""), nodes],
            static outputs => Assert.False(Cordoned(outputs[2]))));
        yield return new("node.actions.drain_nodes", new ActivityCase(
            [new("node.actions.drain_nodes", $$"""{"pod_label_selector":"{{Labels}}","pod_namespace":"{{S}}","count":1}""") { Pause = 60 }, nodes, Get("deployments", Front)],
            static outputs =>
            {
                Assert.Equal($"""["{Node}"]""", outputs[0]!.ToJsonString());
                Assert.True(Cordoned(outputs[1]));
                Assert.Equal(1, Number(outputs[2]!["status"]!["readyReplicas"]));
            })
        {
            After = static async (world, _) => Assert.Null((await world.FindAsync("", "Node", "nodes", null, Node))!["spec"]!["unschedulable"]),
        });
        yield return new("node.actions.delete_nodes", new ActivityCase(
            [new("node.actions.delete_nodes", $$"""{"label_selector":"kubernetes.io/hostname={{Node}}","all":true}"""), nodes],
            static outputs =>
            {
                Assert.Equal($"""["{Node}"]""", outputs[0]!.ToJsonString());
                Assert.Empty(Names(outputs[1]));
            }).Irreversibly());
        yield return new("node.actions.create_node", new ActivityCase(
            [
                new("node.actions.create_node", """{"meta":{"name":"spare","labels":{"a":"b"}},"spec":{"unschedulable":true}}"""),
                new("node.probes.get_nodes", """{"label_selector":"a=b"}"""),
            ],
            static outputs => Assert.Equal(["spare"], Names(outputs[1])))
        {
            After = static async (world, _) => Assert.Null(await world.FindAsync("", "Node", "nodes", null, "spare")),
        });
        yield return new("node.probes.get_nodes", new ActivityCase([nodes], static outputs => Assert.Equal([Node], Names(outputs[0]))));
        yield return new("node.probes.get_all_node_status_conditions", new ActivityCase(
            [new("node.probes.get_all_node_status_conditions")],
            static outputs =>
            {
                Assert.Equal(3, outputs[0]!.AsArray().Count);
                Assert.Equal("True", (string?)outputs[0]![0]!["Ready"]);
            }));
        yield return new("node.probes.all_nodes_must_be_ready_to_schedule", new ActivityCase(
            [new("node.probes.all_nodes_must_be_ready_to_schedule"), cordon, new("node.probes.all_nodes_must_be_ready_to_schedule")],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[2]);
            }));
        yield return new("node.probes.verify_nodes_condition", new ActivityCase(
            [new("node.probes.verify_nodes_condition"), new("node.probes.verify_nodes_condition", """{"condition_type":"Ready"}""")],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[1]);
            }));
        yield return new("node.probes.nodes_must_be_healthy", new ActivityCase([new("node.probes.nodes_must_be_healthy")], static outputs => IsTrue(outputs[0])));
    }

    private static IEnumerable<KeyValuePair<string, ActivityCase>> Deprecated()
    {
        var files = new Dictionary<string, string>
        {
            ["web.yaml"] = Workload("Deployment", "web", "replicas: 2"),
            ["secret.yml"] = "apiVersion: v1\nkind: Secret\nmetadata: {name: hush}\n",
        };
        var start = new Act("actions.start_microservice", $$"""{"spec_path":"web.yaml","ns":"{{S}}"}""") { Pause = 60 };
        Act Web(string function, string more = "") => new(function, $$"""{"name":"web","ns":"{{S}}"{{more}} }""");
        yield return new(start.Function, new ActivityCase([start, List("deployments")], static outputs => Assert.Contains("web", Names(outputs[1]))).With(files));
        yield return new("actions.scale_microservice", new ActivityCase(
            [start, Web("actions.scale_microservice", ",\"replicas\":3"), Get("deployments", "web")],
            static outputs => Assert.Equal(3, Number(outputs[2]!["spec"]!["replicas"]))).With(files));
        yield return new("actions.kill_microservice", new ActivityCase(
            [new("actions.kill_microservice", $$"""{"name":"{{Front}}","ns":"{{S}}","label_selector":"{{Labels}}"}"""), List("deployments")],
            static outputs => Assert.DoesNotContain(Front, Names(outputs[1])))
        {
            After = static async (world, _) => Assert.NotNull(await world.FindAsync("apps", "Deployment", "deployments", S, Front)),
        });
        yield return new("actions.remove_service_endpoint", new ActivityCase(
            [new("actions.remove_service_endpoint", $$"""{"name":"frontend","ns":"{{S}}"}""")], static outputs => Assert.Null(outputs[0]))
        {
            After = static async (world, _) => Assert.NotNull(await world.FindAsync("", "Service", "services", S, "frontend")),
        });
        yield return new("probes.all_microservices_healthy", new ActivityCase(
            [new("probes.all_microservices_healthy", $$"""{"ns":"{{S}}"}""")], static outputs => IsTrue(outputs[0])));
        yield return new("probes.microservice_available_and_healthy", new ActivityCase(
            [new("probes.microservice_available_and_healthy", $$"""{"name":"{{Front}}","ns":"{{S}}"}""")], static outputs => IsTrue(outputs[0])));
        yield return new("probes.microservice_is_not_available", new ActivityCase(
            [new("probes.microservice_is_not_available", $$"""{"name":"nobody","ns":"{{S}}"}""")], static outputs => IsTrue(outputs[0])));
        yield return new("probes.service_endpoint_is_initialized", new ActivityCase(
            [new("probes.service_endpoint_is_initialized", $$"""{"name":"frontend","label_selector":"service={name}","ns":"{{S}}"}""")], static outputs => IsTrue(outputs[0])));
        yield return new("probes.deployment_is_fully_available", new ActivityCase(
            [start with { Pause = 0 }, Web("probes.deployment_is_fully_available")], static outputs => IsTrue(outputs[1])).With(files));
        yield return new("probes.deployment_is_not_fully_available", new ActivityCase(
            [start with { Pause = 0 }, Web("probes.deployment_is_not_fully_available")], static outputs => IsTrue(outputs[1])).With(files));
        yield return new("probes.read_microservices_logs", new ActivityCase(
            [new("probes.read_microservices_logs", $$"""{"name":"frontend","label_selector":"service={name}","ns":"{{S}}"}""")],
            static outputs => Assert.EndsWith(" serves\n", (string?)Assert.Single(outputs[0]!.AsObject()).Value, StringComparison.Ordinal)));
        yield return new("probes.secret_exists", new ActivityCase(
            [new("secret.actions.create_secret", $$"""{"spec_path":"secret.yml","ns":"{{S}}"}"""), new("probes.secret_exists", $$"""{"name":"hush","ns":"{{S}}"}""")],
            static outputs => IsTrue(outputs[1])).With(files));
    }
}
