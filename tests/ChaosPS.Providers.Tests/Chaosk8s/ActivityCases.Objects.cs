using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Tests.Chaosk8s;

internal static partial class ActivityCases
{
    private static IEnumerable<KeyValuePair<string, ActivityCase>> Objects()
    {
        var files = new Dictionary<string, string>
        {
            ["svc.json"] = """{"apiVersion":"v1","kind":"Service","metadata":{"name":"extra","labels":{"app":"extra"}},"spec":{"ports":[{"port":80}],"selector":{"app":"extra"}}}""",
            ["secret.yml"] = "apiVersion: v1\nkind: Secret\nmetadata: {name: hush, labels: {app: hush}}\nstringData: {key: value}\n",
            ["ns.yaml"] = "apiVersion: v1\nkind: Namespace\nmetadata: {name: fromfile}\n",
        };
        var service = new Act("service.actions.create_service_endpoint", $$"""{"spec_path":"svc.json","ns":"{{S}}"}""");
        var secret = new Act("secret.actions.create_secret", $$"""{"spec_path":"secret.yml","ns":"{{S}}"}""");
        Act There(string family, string function, string more) => new($"{family}.probes.{function}", $$"""{"ns":"{{S}}",{{more}} }""");
        var isService = There("service", "service_is_initialized", "\"name\":\"extra\",\"raise_if_service_not_initialized\":false");
        var isSecret = There("secret", "secret_exists", "\"label_selector\":\"app=hush\"");

        yield return new("service.actions.create_service_endpoint", new ActivityCase([isService, service, isService], static outputs =>
        {
            IsFalse(outputs[0]);
            IsTrue(outputs[2]);
        })
        {
            Files = files,
            After = static async (world, _) => Assert.Null(await world.FindAsync("", "Service", "services", S, "extra")),
        });
        yield return new("service.actions.delete_service", new ActivityCase(
            [
                new("service.actions.delete_service", $$"""{"name":"frontend","ns":"{{S}}"}"""),
                There("service", "service_is_initialized", "\"name\":\"frontend\",\"raise_if_service_not_initialized\":false"),
            ],
            static outputs => IsFalse(outputs[1]))
        {
            After = static async (world, run) =>
            {
                var again = await world.FindAsync("", "Service", "services", S, "frontend");
                Assert.Equal(("frontend", 80), ((string?)again!["spec"]!["selector"]!["service"], (int)again["spec"]!["ports"]![0]!["port"]!));
                Assert.Contains("is made again", string.Join(' ', run.UndoSteps), StringComparison.Ordinal);
            },
        });
        yield return new("service.probes.service_is_initialized", new ActivityCase(
            [There("service", "service_is_initialized", "\"label_selector\":\"service=frontend\""), isService],
            static outputs =>
            {
                IsTrue(outputs[0]);
                IsFalse(outputs[1]);
            }));
        yield return new("secret.actions.create_secret", new ActivityCase([secret, isSecret], static outputs => IsTrue(outputs[1]))
        {
            Files = files,
            After = static async (world, _) => Assert.Null(await world.FindAsync("", "Secret", "secrets", S, "hush")),
        });
        yield return new("secret.actions.delete_secret", new ActivityCase(
            [secret, new("secret.actions.delete_secret", $$"""{"name":"hush","ns":"{{S}}"}"""), isSecret], static outputs => IsFalse(outputs[2])).With(files));
        yield return new("secret.probes.secret_exists", new ActivityCase([isSecret, secret, isSecret], static outputs =>
        {
            IsFalse(outputs[0]);
            IsTrue(outputs[2]);
        }).With(files));

        var exists = new Act("namespace.probes.namespace_exists", """{"name":"lab"}""");
        var create = new Act("namespace.actions.create_namespace", """{"name":"lab"}""");
        yield return new("namespace.actions.create_namespace", new ActivityCase(
            [create, exists, new("namespace.actions.create_namespace", """{"spec_path":"ns.yaml"}"""), new("namespace.probes.namespace_exists", """{"name":"fromfile"}""")],
            static outputs =>
            {
                IsTrue(outputs[1]);
                IsTrue(outputs[3]);
            }).With(files));
        yield return new("namespace.actions.delete_namespace", new ActivityCase(
            [create, new("namespace.actions.delete_namespace", """{"name":"lab"}""") { Pause = 30 }, exists], static outputs => IsFalse(outputs[2])));
        yield return new("namespace.probes.namespace_exists", new ActivityCase(
            [exists, new("namespace.probes.namespace_exists", $$"""{"name":"{{S}}"}""")],
            static outputs =>
            {
                IsFalse(outputs[0]);
                IsTrue(outputs[1]);
            }));
        yield return new("event.probes.get_events", new ActivityCase(
            [
                new("deployment.actions.scale_deployment", $$"""{"name":"{{Front}}","replicas":2,"ns":"{{S}}"}""") { Pause = 5 },
                new("event.probes.get_events", """{"field_selector":"reason=ScalingReplicaSet","limit":1}"""),
            ],
            static outputs => Assert.Equal("ScalingReplicaSet", (string?)Assert.Single(outputs[1]!["items"]!.AsArray())!["reason"])));
    }

    private static IEnumerable<KeyValuePair<string, ActivityCase>> Networking()
    {
        const string Group = "networking.k8s.io";
        var files = new Dictionary<string, string>
        {
            ["ing.yaml"] = """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: second}
                spec: {rules: [{host: second.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: frontend, port: {number: 80}}}}]}}]}
                """,
        };
        var create = new Act("networking.actions.create_ingress", $$"""{"spec_path":"ing.yaml","ns":"{{S}}"}""");
        var exists = new Act("networking.probes.ingress_exists", $$"""{"name":"second","ns":"{{S}}"}""");
        yield return new("networking.actions.create_ingress", new ActivityCase([create, exists], static outputs => IsTrue(outputs[1]))
        {
            Files = files,
            After = static async (world, _) => Assert.Null(await world.FindAsync(Group, "Ingress", "ingresses", S, "second")),
        });
        yield return new("networking.actions.delete_ingress", new ActivityCase(
            [new("networking.actions.delete_ingress", $$"""{"name":"{{S}}","ns":"{{S}}"}"""), new("networking.probes.ingress_exists", $$"""{"name":"{{S}}","ns":"{{S}}"}""")],
            static outputs => IsFalse(outputs[1]))
        {
            After = static async (world, _) => Assert.NotNull(await world.FindAsync(Group, "Ingress", "ingresses", S, S)),
        });
        yield return new("networking.actions.update_ingress", new ActivityCase(
            [new("networking.actions.update_ingress", $$"""{"name":"{{S}}","ns":"{{S}}","spec":{"spec":{"ingressClassName":"other"} } }"""), Get("ingresses", S, Group)],
            static outputs => Assert.Equal("other", (string?)outputs[1]!["spec"]!["ingressClassName"]))
        {
            After = static async (world, _) => Assert.Equal("nginx", (string?)(await world.FindAsync(Group, "Ingress", "ingresses", S, S))!["spec"]!["ingressClassName"]),
        });
        yield return new("networking.probes.ingress_exists", new ActivityCase(
            [exists, new("networking.probes.ingress_exists", $$"""{"name":"{{S}}","ns":"{{S}}"}""")],
            static outputs =>
            {
                IsFalse(outputs[0]);
                IsTrue(outputs[1]);
            }));

        const string Policy = """{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"quiet"},"spec":{"podSelector":{},"policyTypes":["Ingress"]}}""";
        var policies = List("networkpolicies", Group);
        var quiet = new Act("networking.actions.create_network_policy", $$"""{"spec":{{Policy}},"ns":"{{S}}"}""");
        yield return new("networking.actions.create_network_policy", new ActivityCase([quiet, policies], static outputs => Assert.Contains("quiet", Names(outputs[1])))
        {
            After = static async (world, _) => Assert.Null(await world.FindAsync(Group, "NetworkPolicy", "networkpolicies", S, "quiet")),
        });
        yield return new("networking.actions.remove_network_policy", new ActivityCase(
            [quiet, new("networking.actions.remove_network_policy", $$"""{"name":"quiet","ns":"{{S}}"}"""), policies],
            static outputs => Assert.DoesNotContain("quiet", Names(outputs[2]))));
        foreach (var (add, name, type) in ((string, string, string)[])
            [("deny_all_ingress", "chaostoolkit-deny-all-ingress", "Ingress"), ("deny_all_egress", "chaostoolkit-deny-all-egress", "Egress"),
             ("allow_dns_access", "chaostoolkit-allow-dns", "Egress")])
        {
            var deny = new Act($"networking.actions.{add}", $$"""{"label_selectors":{"service":"frontend"},"ns":"{{S}}"}""");
            yield return new(deny.Function, new ActivityCase([deny, Get("networkpolicies", name, Group)], outputs =>
            {
                var spec = outputs[1]!["spec"]!;
                Assert.Equal(("frontend", type), ((string?)spec["podSelector"]!["matchLabels"]!["service"], (string?)spec["policyTypes"]![0]));
            })
            {
                After = async (world, _) => Assert.Null(await world.FindAsync(Group, "NetworkPolicy", "networkpolicies", S, name)),
            });
            var remove = new Act($"networking.actions.remove_{add}", $$"""{"ns":"{{S}}"}""");
            yield return new(remove.Function, new ActivityCase([deny, remove, policies], outputs => Assert.DoesNotContain(name, Names(outputs[2]))));
        }
    }

    private static IEnumerable<KeyValuePair<string, ActivityCase>> Custom()
    {
        foreach (var (what, plural, space, name) in ((string, string, string, string)[])
            [("custom_object", "things", $",\"ns\":\"{S}\"", "Thing"), ("cluster_custom_object", "globals", "", "Global")])
        {
            var kind = $"\"group\":\"g.io\",\"version\":\"v1\",\"plural\":\"{plural}\"{space}";
            var named = kind + ",\"name\":\"one\"";
            var body = $$$"""{"apiVersion":"g.io/v1","kind":"{{{name}}}","metadata":{"name":"one"},"spec":{"a":1}}""";
            var create = new Act($"crd.actions.create_{what}", $$"""{{{kind}},"resource":{{body}} }""");
            var get = new Act($"crd.probes.get_{what}", $$"""{{{named}} }""");
            var list = new Act($"crd.probes.list_{what}s", $$"""{{{kind}} }""");
            yield return new(create.Function, new ActivityCase([create, list], static outputs => Assert.Equal(["one"], Names(outputs[1])))
            {
                After = async (world, _) => Assert.Null(await world.FindAsync("g.io", name, plural, space.Length > 0 ? S : null, "one")),
            });
            yield return new($"crd.actions.delete_{what}", new ActivityCase(
                [create, new($"crd.actions.delete_{what}", $$"""{{{named}} }"""), list], static outputs => Assert.Empty(Names(outputs[2]))));
            yield return new($"crd.actions.patch_{what}", new ActivityCase(
                [
                    create,
                    new($"crd.actions.patch_{what}", $$"""{{{named}},"resource":[{"op":"replace","path":"/spec/a","value":2}]}"""), get,
                    new($"crd.actions.patch_{what}", $$"""{{{named}},"force":true,"resource":{"spec":{"a":null,"b":3} } }"""), get,
                ],
                static outputs => Assert.Equal(
                    ("""{"a":2}""", """{"b":3}"""), (outputs[2]!["spec"]!.ToJsonString(), outputs[4]!["spec"]!.ToJsonString()))));
            yield return new($"crd.actions.replace_{what}", new ActivityCase(
                [create, new($"crd.actions.replace_{what}", $$"""{{{named}},"resource_as_yaml_file":"other.yaml"}"""), get],
                static outputs => Assert.Equal("""{"c":4}""", outputs[2]!["spec"]!.ToJsonString()))
            {
                Files = new() { ["other.yaml"] = $"apiVersion: g.io/v1\nkind: {name}\nmetadata: {{name: one}}\nspec: {{c: 4}}\n" },
            });
            yield return new(get.Function, new ActivityCase([create, get], static outputs => Assert.Equal(1, Number(outputs[1]!["spec"]!["a"]))));
            yield return new(list.Function, new ActivityCase([list, create, list], static outputs => Assert.Equal((0, 1), (Names(outputs[0]).Count(), Names(outputs[2]).Count()))));
        }

        var applied = new Act("crd.probes.get_custom_object", $$"""{"group":"g.io","version":"v1","plural":"things","name":"one","ns":"{{S}}"}""");
        foreach (var (format, first, second) in ((string, string, string)[])
            [("json", Thing(1), Thing(2)), ("yaml", $"apiVersion: g.io/v1\nkind: Thing\nmetadata: {{name: one, namespace: {S}}}\nspec: {{a: 1}}\n", Thing(2))])
        {
            Act Apply(string text) => new($"crd.actions.apply_from_{format}", new JsonObject { ["resource"] = text }.ToJsonString());
            yield return new($"crd.actions.apply_from_{format}", new ActivityCase(
                [Apply(first), applied, Apply(second), applied],
                static outputs => Assert.Equal((1, 2), (Number(outputs[1]!["spec"]!["a"]), Number(outputs[3]!["spec"]!["a"])))));
        }

        foreach (var item in Faults()) yield return item;
    }

    private static string Thing(int a) => $$$"""{"apiVersion":"g.io/v1","kind":"Thing","metadata":{"name":"one","namespace":"{{{S}}}"},"spec":{"a":{{{a}}}}}""";

    private static IEnumerable<KeyValuePair<string, ActivityCase>> Faults()
    {
        Act Named(string function) => new(function, $$"""{"name":"f","ns":"{{S}}"}""");
        Act In(string function) => new(function, $$"""{"ns":"{{S}}"}""");
        Act Network(string function, string own, string more = "") => new(
            $"chaosmesh.network.actions.{function}", $$"""{"name":"f","ns":"{{S}}","label_selectors":"app=web",{{own}}{{more}} }""");
        foreach (var (function, own, action, field, detail) in ((string, string, string, string, string)[])
            [
                ("add_latency", "\"latency\":\"100ms\",\"jitter\":\"10ms\"", "delay", "delay", """{"latency":"100ms","jitter":"10ms"}"""),
                ("set_loss", "\"loss\":\"25\",\"correlation\":\"5\"", "loss", "loss", """{"loss":"25","correlation":"5"}"""),
                ("duplicate_packets", "\"duplicate\":\"25\"", "duplicate", "duplicate", """{"duplicate":"25"}"""),
                ("reorder_packets", "\"reorder\":\"25\",\"gap\":\"3\"", "reorder", "reorder", """{"reorder":"25","gap":"3"}"""),
                ("corrupt_packets", "\"corrupt\":\"25\"", "corrupt", "corrupt", """{"corrupt":"25"}"""),
                ("set_bandwidth", "\"rate\":\"1mbps\",\"limit\":100,\"buffer\":200", "bandwidth", "bandwidth", """{"rate":"1mbps","limit":100,"buffer":200}"""),
            ])
        {
            yield return new($"chaosmesh.network.actions.{function}", new ActivityCase(
                [
                    Network(function, own, ",\"mode\":\"fixed\",\"mode_value\":\"2\",\"direction\":\"both\",\"target_label_selectors\":{\"app\":\"db\"},\"external_targets\":\"1.2.3.4,5.6.7.8\""),
                    Named("chaosmesh.network.probes.get_network_fault"),
                ],
                outputs =>
                {
                    var spec = outputs[1]!["spec"]!;
                    Assert.Equal((action, "fixed", "2", "both"), ((string?)spec["action"], (string?)spec["mode"], (string?)spec["value"], (string?)spec["direction"]));
                    Assert.Equal(detail, spec[field]!.ToJsonString());
                    Assert.Equal("""{"labelSelectors":{"app":"web"}}""", spec["selector"]!.ToJsonString());
                    Assert.Equal("""{"selector":{"labelSelectors":{"app":"db"}},"mode":"one"}""", spec["target"]!.ToJsonString());
                    Assert.Equal("""["1.2.3.4","5.6.7.8"]""", spec["externalTargets"]!.ToJsonString());
                })
            {
                After = static async (world, _) => Assert.Null(await world.FindAsync("chaos-mesh.org", "NetworkChaos", "networkchaos", S, "f", "v1alpha1")),
            });
        }

        var latency = Network("add_latency", "\"latency\":\"1ms\"");
        var cpu = new Act("chaosmesh.stress.actions.stress_cpu", $$"""{"name":"f","ns":"{{S}}","workers":2,"load":50,"label_selectors":"app=web","container_names":"c,d"}""");
        var memory = new Act("chaosmesh.stress.actions.stress_memory", $$"""{"name":"f","ns":"{{S}}","size":"256MB","namespaces_selectors":"{{S}}","duration":"1m"}""");
        foreach (var (family, make, probes, all, one, delete) in ((string, Act, string, string, string, string)[])
            [
                ("network", latency, "chaosmesh.network.probes", "get_network_faults", "get_network_fault", "delete_network_fault"),
                ("stress", cpu, "chaosmesh.stress.probes", "get_stressors", "get_stressor", "delete_stressor"),
            ])
        {
            var list = In($"{probes}.{all}");
            yield return new($"chaosmesh.{family}.actions.{delete}", new ActivityCase(
                [make, Named($"chaosmesh.{family}.actions.{delete}"), list], static outputs => Assert.Empty(Names(outputs[2]))));
            yield return new(list.Function, new ActivityCase([list, make, list], static outputs => Assert.Equal((0, 1), (Names(outputs[0]).Count(), Names(outputs[2]).Count()))));
            yield return new($"{probes}.{one}", new ActivityCase([make, Named($"{probes}.{one}")], static outputs => Assert.Equal("f", (string?)outputs[1]!["metadata"]!["name"])));
        }

        yield return new(cpu.Function, new ActivityCase([cpu, Named("chaosmesh.stress.probes.get_stressor")], static outputs =>
        {
            var spec = outputs[1]!["spec"]!;
            Assert.Equal("""{"cpu":{"workers":2,"load":50}}""", spec["stressors"]!.ToJsonString());
            Assert.Equal(("30s", """["c","d"]"""), ((string?)spec["duration"], spec["containerNames"]!.ToJsonString()));
        }));
        yield return new(memory.Function, new ActivityCase([memory, Named("chaosmesh.stress.probes.get_stressor")], static outputs =>
            Assert.Equal("""{"memory":{"workers":1,"size":"256MB"}}""", outputs[1]!["spec"]!["stressors"]!.ToJsonString())));
    }
}
