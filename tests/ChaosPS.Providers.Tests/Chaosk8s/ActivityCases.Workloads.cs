using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Tests.Chaosk8s;

internal static partial class ActivityCases
{
    private static IEnumerable<KeyValuePair<string, ActivityCase>> Workloads()
    {
        foreach (var (family, kind, plural, create, scale, delete) in ((string, string, string, string, string, string)[])
            [
                ("deployment", "Deployment", "deployments", "create_deployment", "scale_deployment", "delete_deployment"),
                ("statefulset", "StatefulSet", "statefulsets", "create_statefulset", "scale_statefulset", "remove_statefulset"),
            ])
        {
            var files = new Dictionary<string, string> { ["web.yaml"] = Workload(kind, "web", "replicas: 2") };
            var make = new Act($"{family}.actions.{create}", $$"""{"spec_path":"web.yaml","ns":"{{S}}"}""") { Pause = 60 };
            yield return new($"{family}.actions.{create}", new ActivityCase(
                [make, Get(plural, "web")], static outputs => Assert.Equal(2, Number(outputs[1]!["status"]!["readyReplicas"])))
            {
                Files = files,
                After = async (world, _) => Assert.Null(await world.FindAsync("apps", kind, plural, S, "web")),
            });
            yield return new($"{family}.actions.{scale}", new ActivityCase(
                [make, new($"{family}.actions.{scale}", $$"""{"name":"web","replicas":5,"ns":"{{S}}"}""") { Pause = 60 }, Get(plural, "web")],
                static outputs => Assert.Equal((5, 5), (Number(outputs[2]!["spec"]!["replicas"]), Number(outputs[2]!["status"]!["readyReplicas"])))).With(files));
            yield return new($"{family}.actions.{delete}", new ActivityCase(
                [make, new($"{family}.actions.{delete}", $$"""{"label_selector":"app=web","ns":"{{S}}"}"""), List(plural)],
                static outputs => Assert.DoesNotContain("web", Names(outputs[2]))).With(files));
        }

        foreach (var (family, function, full) in ((string, string, bool)[])
            [("deployment", "deployment_fully_available", true), ("deployment", "deployment_not_fully_available", false),
             ("statefulset", "statefulset_fully_available", true), ("statefulset", "statefulset_not_fully_available", false)])
        {
            var kind = family == "deployment" ? "Deployment" : "StatefulSet";
            var create = new Act($"{family}.actions.create_{family}", $$"""{"spec_path":"web.yaml","ns":"{{S}}"}""") { Pause = full ? 0 : 60 };
            var name = $"{family}.probes.{function}";
            var look = new Act(name, $$"""{"name":"web","ns":"{{S}}","label_selector":"app={name}","timeout":60}""");
            yield return new(name, new ActivityCase(
                full ? [create, look] : [create, new($"{family}.actions.scale_{family}", $$"""{"name":"web","replicas":4,"ns":"{{S}}"}"""), look],
                outputs => IsTrue(outputs[^1])).With(new() { ["web.yaml"] = Workload(kind, "web", "replicas: 2") }));
        }

        yield return new("deployment.probes.deployment_available_and_healthy", new ActivityCase(
            [
                new("deployment.probes.deployment_available_and_healthy", $$"""{"name":"{{Front}}","ns":"{{S}}"}"""),
                new("deployment.probes.deployment_available_and_healthy", """{"name":"nobody","raise_on_unavailable":false}"""),
            ],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[1]);
            }));
        yield return new("deployment.probes.deployment_partially_available", new ActivityCase(
            [
                new("deployment.probes.deployment_partially_available", $$"""{"name":"{{Front}}","ns":"{{S}}"}"""),
                new("deployment.actions.scale_deployment", $$"""{"name":"{{Front}}","ns":"{{S}}","replicas":0}""") { Pause = 60 },
                new("deployment.probes.deployment_partially_available", $$"""{"name":"{{Front}}","ns":"{{S}}","raise_on_not_partially_available":false}"""),
            ],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[2]);
            }));
        yield return new("deployment.actions.rollout_deployment", new ActivityCase(
            [
                List("replicasets"),
                new("deployment.actions.rollout_deployment", $$"""{"name":"{{Front}}","ns":"{{S}}"}""") { Pause = 60 },
                List("replicasets"),
                Get("deployments", Front),
            ],
            static outputs =>
            {
                Assert.Equal(Names(outputs[0]).Count() + 1, Names(outputs[2]).Count());
                Assert.Matches("^[0-9-]+T[0-9:]+Z$", (string)outputs[3]!["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"]!);
            }));
        yield return new("replicaset.actions.delete_replica_set", new ActivityCase(
            [
                List("replicasets"),
                new("replicaset.actions.delete_replica_set", $$"""{"label_selector":"service=frontend","ns":"{{S}}"}""") { Pause = 60 },
                List("replicasets"),
                new("deployment.probes.deployment_available_and_healthy", $$"""{"name":"{{Front}}","ns":"{{S}}"}"""),
            ],
            static outputs =>
            {
                var (before, after) = (Uids(outputs[0]), Uids(outputs[2]));
                Assert.Single(before.Except(after)); // the deployment has made another one
                Assert.Single(after.Except(before));
                IsTrue(outputs[3]);
            }));
        foreach (var item in Daemons()) yield return item;
    }

    private static IEnumerable<KeyValuePair<string, ActivityCase>> Daemons()
    {
        var files = new Dictionary<string, string> { ["agent.yaml"] = Workload("DaemonSet", "agent") };
        var make = new Act("daemonset.actions.create_daemon_set", $$"""{"spec_path":"agent.yaml","ns":"{{S}}"}""") { Pause = 60 };
        var soon = make with { Pause = 0 };
        Act Probe(string function, string more = "") => new($"daemonset.probes.{function}", $$"""{"name":"agent","ns":"{{S}}"{{more}} }""");
        yield return new("daemonset.actions.create_daemon_set", new ActivityCase(
            [make, Get("daemonsets", "agent")], static outputs => Assert.Equal(3, Number(outputs[1]!["status"]!["numberReady"])))
        {
            Files = files,
            After = async (world, _) => Assert.Null(await world.FindAsync("apps", "DaemonSet", "daemonsets", S, "agent")),
        });
        yield return new("daemonset.actions.delete_daemon_set", new ActivityCase(
            [make, new("daemonset.actions.delete_daemon_set", $$"""{"name":"agent","ns":"{{S}}"}"""), List("daemonsets")],
            static outputs => Assert.DoesNotContain("agent", Names(outputs[2]))).With(files));
        yield return new("daemonset.actions.update_daemon_set", new ActivityCase(
            [make, new("daemonset.actions.update_daemon_set", $$"""{"name":"agent","ns":"{{S}}","spec":{"spec":{"minReadySeconds":7} } }"""), Get("daemonsets", "agent")],
            static outputs => Assert.Equal(7, Number(outputs[2]!["spec"]!["minReadySeconds"]))).With(files));
        yield return new("daemonset.probes.daemon_set_available_and_healthy", new ActivityCase(
            [make, Probe("daemon_set_available_and_healthy")], static outputs => IsTrue(outputs[1])).With(files));
        yield return new("daemonset.probes.daemon_set_partially_available", new ActivityCase(
            [make, Probe("daemon_set_partially_available"), new("daemonset.probes.daemon_set_partially_available", """{"name":"nobody"}""")],
            static outputs =>
            {
                IsTrue(outputs[1]);
                IsFalse(outputs[2]);
            }).With(files));
        yield return new("daemonset.probes.daemon_set_fully_available", new ActivityCase(
            [soon, Probe("daemon_set_fully_available", ",\"timeout\":60")], static outputs => IsTrue(outputs[1])).With(files));
        yield return new("daemonset.probes.daemon_set_not_fully_available", new ActivityCase(
            [make, Probe("daemon_set_not_fully_available", ",\"timeout\":5")], static outputs => IsFalse(outputs[1])).With(files));
    }

    private static HashSet<string> Uids(JsonNode? list) => [.. list!["items"]!.AsArray().Select(static item => (string)item!["metadata"]!["uid"]!)];
}
