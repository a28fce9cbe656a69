using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Providers.Yaml;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>What kubectl prints, against what a real API server sent to be printed.</summary>
public class TableTests
{
    private const string TableType = "application/json;as=Table;v=v1;g=meta.k8s.io";

    [Theory]
    [InlineData("pods-list-terminating", "pods-table-terminating", 22, "2026-11-22T11:26:52Z")]
    [InlineData("pods-list", "pods-table", 9, "2026-11-22T11:21:05.95Z")]
    [InlineData("nodes-list-notready", "nodes-table-notready", 3, "2026-11-22T11:26:52Z")]
    [InlineData("deployments-list", "deployments-table", 4, "2026-11-22T11:21:05.95Z")]
    [InlineData("pdbs", "pdb-table", 1, "2026-11-22T11:21:05.95Z")]
    [InlineData("events", "events-table", 4, "2026-11-22T11:21:05.95Z")]
    public async Task The_rows_of_a_recorded_list_are_those_of_the_recorded_table(string list, string table, int common, string now)
    {
        var expected = Recorded.Read(table);
        var made = await Convert(Recorded.Read(list), TableType, now);

        Assert.Equal(["kind", "apiVersion", "metadata", "columnDefinitions", "rows"], made.Select(member => member.Key));
        Assert.Equal("Table meta.k8s.io/v1", $"{made["kind"]} {made["apiVersion"]}");
        foreach (var column in made["columnDefinitions"]!.AsArray())
        {
            Assert.NotEmpty((string)column!["description"]!);
            column.AsObject().Remove("description");
        }

        Assert.Equal(expected["columnDefinitions"]!.ToJsonString(), made["columnDefinitions"]!.ToJsonString());

        // The list and the table were recorded one after the other: what changed in between is in one of them only.
        var rows = made["rows"]!.AsArray().ToDictionary(Key, row => row!.ToJsonString());
        var both = expected["rows"]!.AsArray().Where(row => rows.ContainsKey(Key(row))).ToArray();
        Assert.Equal(common, both.Length);
        Assert.All(both, row => Assert.Equal(row!.ToJsonString(), rows[Key(row)]));
    }

    [Fact]
    public async Task The_metadata_of_a_recorded_list_is_that_of_the_recorded_one()
    {
        var expected = Recorded.Read("pods-partialmeta");
        var made = await Convert(Recorded.Read("pods-list"), "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");

        Assert.Equal(expected.Select(member => member.Key), made.Select(member => member.Key));
        var known = made["items"]!.AsArray().Select(item => item!.ToJsonString()).ToHashSet();
        Assert.Contains(expected["items"]!.AsArray(), item => known.Contains(item!.ToJsonString()));
    }

    [Theory]
    [InlineData("", "PartialObjectMetadata")]
    [InlineData("Metadata", "PartialObjectMetadata")]
    [InlineData("Object", "Node")]
    [InlineData("None", null)]
    public async Task A_row_has_as_much_of_its_object_as_the_client_asks_for(string include, string? kind)
    {
        var table = await Convert(Recorded.Read("nodes-list-notready"), TableType, query: $"?includeObject={include}");

        Assert.All(table["rows"]!.AsArray(), row => Assert.Equal(kind, (string?)row!["object"]?["kind"]));
    }

    [Fact]
    public async Task A_table_of_one_object_has_its_resource_version()
    {
        var table = await Convert(Recorded.Read("node"), TableType);

        Assert.Equal(Recorded.Read("node")["metadata"]!["resourceVersion"]!.ToString(), (string?)table["metadata"]!["resourceVersion"]);
        Assert.Single(table["rows"]!.AsArray());
    }

    [Fact]
    public async Task Only_the_first_event_of_a_watch_says_what_the_columns_are()
    {
        var write = (await Negotiate(TableType)).Events();
        var now = DateTimeOffset.UnixEpoch;

        Assert.NotNull(write(Recorded.Read("node"), now)["columnDefinitions"]);
        Assert.Null(write(Recorded.Read("node"), now)["columnDefinitions"]);
    }

    [Fact]
    public async Task An_event_about_an_error_is_no_table()
    {
        var status = Recorded.Read("continue-410");

        Assert.Same(status, (await Negotiate(TableType)).Events()(status, DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData("application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "Table meta.k8s.io/v1")]
    [InlineData("application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "Table meta.k8s.io/v1beta1")]
    [InlineData("application/json;as=Table;v=v9;g=meta.k8s.io,application/json", "Deployment apps/v1")]
    [InlineData("application/vnd.kubernetes.protobuf,application/json", "Deployment apps/v1")]
    [InlineData("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,*/*", "Deployment apps/v1")]
    [InlineData("application/json;q=0.5,application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io;q=0.9", "PartialObjectMetadata meta.k8s.io/v1")]
    [InlineData(null, "Deployment apps/v1")]
    public async Task The_first_form_that_is_there_wins(string? accept, string expected)
    {
        var json = await Convert(Recorded.Read("deployment"), accept);

        Assert.Equal(expected, $"{json["kind"]} {json["apiVersion"]}");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/vnd.kubernetes.protobuf")]
    [InlineData("application/json;as=Table;v=v9;g=meta.k8s.io")]
    public async Task A_client_that_takes_nothing_that_is_there_gets_406(string accept)
    {
        var refusal = await Assert.ThrowsAsync<StatusException>(() => Negotiate(accept));

        Assert.Equal(HttpStatusCode.NotAcceptable, refusal.ToResponse().Status);
    }

    [Fact]
    public async Task A_table_with_something_else_in_its_rows_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<StatusException>(() => Negotiate(TableType, "?includeObject=Everything"));

        Assert.Contains("includeObject: Invalid value: \"Everything\"", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-1, "0s")]
    [InlineData(-3, "<invalid>")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(159, "2m39s")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(179 * 60, "179m")]
    [InlineData(180 * 60, "3h")]
    [InlineData(7 * 3600 + 59 * 60, "7h59m")]
    [InlineData(8 * 3600 + 59 * 60, "8h")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(49 * 3600, "2d1h")]
    [InlineData(8 * 86400, "8d")]
    [InlineData(400 * 86400, "400d")]
    [InlineData(800 * 86400, "2y70d")]
    [InlineData(3000L * 86400, "8y")]
    public void Ages_have_two_units_at_most(long seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Text(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("crash loop", "0/1", "CrashLoopBackOff", "4 (5m ago)")]
    [InlineData("pulling", "0/1", "ContainerCreating", "0")]
    [InlineData("first init container", "0/1", "Init:0/2", "0")]
    [InlineData("init container that fails", "0/1", "Init:Error", "2 (60s ago)")]
    [InlineData("sidecar beside the container", "2/2", "Running", "1")]
    [InlineData("completed", "0/1", "Completed", "0")]
    [InlineData("one of two completed", "1/2", "NotReady", "0")]
    [InlineData("killed", "0/1", "OOMKilled", "0")]
    [InlineData("ended without a reason", "0/1", "ExitCode:3", "0")]
    [InlineData("evicted", "0/1", "Evicted", "0")]
    [InlineData("gated", "0/1", "SchedulingGated", "0")]
    [InlineData("terminating", "1/1", "Terminating", "0")]
    [InlineData("on a lost node", "1/1", "Unknown", "0")]
    public void Pods_are_summed_up_as_users_know_it(string what, string ready, string status, string restarts)
    {
        var now = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
        var cells = TableLayout.Cells(TableLayout.Of("Pod"), Pod(what), now);

        Assert.Equal([ready, status, restarts], cells.Skip(1).Take(3).Select(cell => $"{cell}"));
    }

    [Theory]
    [InlineData("HorizontalPodAutoscaler", """{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},"minReplicas":2,"maxReplicas":9,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}},{"type":"Pods","pods":{"target":{"averageValue":"10"}}},{"type":"Object","object":{}}]},"status":{"currentReplicas":3,"currentMetrics":[{"type":"Resource","resource":{"current":{"averageUtilization":12}}}]}}""", "h|Deployment/web|cpu: 12%/80%, <unknown>/10 + 1 more...|2|9|3|<unknown>")]
    [InlineData("Service", """{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":31000,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],"selector":{"b":"2","a":"1"}}}""", "s|LoadBalancer|10.0.0.1|<pending>|80:31000/TCP,53/UDP|<unknown>|a=1,b=2")]
    [InlineData("Service", """{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","clusterIPs":["10.0.0.1"]},"status":{"loadBalancer":{"ingress":[{"ip":"20.0.0.1"}]}}}""", "s|LoadBalancer|10.0.0.1|20.0.0.1|<none>|<unknown>|<none>")]
    [InlineData("Ingress", """{"metadata":{"name":"i"},"spec":{"ingressClassName":"nginx","rules":[{"host":"a"},{"host":"b"},{"host":"c"},{"host":"d"}],"tls":[{}]}}""", "i|nginx|a,b,c + 1 more...||80, 443|<unknown>")]
    [InlineData("Ingress", """{"metadata":{"name":"i"},"spec":{"rules":[{"http":{}}]},"status":{"loadBalancer":{"ingress":[{"hostname":"lb"}]}}}""", "i|<none>|*|lb|80|<unknown>")]
    [InlineData("EndpointSlice", """{"metadata":{"name":"e"},"addressType":"IPv4","ports":[{"port":80}],"endpoints":[{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"]},{"addresses":["10.0.0.3"]},{"addresses":["10.0.0.4"]}]}""", "e|IPv4|80|10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...|<unknown>")]
    [InlineData("Endpoints", """{"metadata":{"name":"e"},"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"ports":[{"port":80}]}]}""", "e|10.0.0.1:80,[fd00::1]:80|<unknown>")]
    [InlineData("Job", """{"metadata":{"name":"j"},"spec":{"completions":3,"template":{"spec":{"containers":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}}},"status":{"succeeded":1,"startTime":"2026-11-23T08:59:00Z"}}""", "j|Running|1/3|60s|<unknown>|a,b|x,y|<none>")]
    [InlineData("Job", """{"metadata":{"name":"j"},"spec":{"parallelism":4},"status":{"conditions":[{"type":"Complete","status":"True"}],"succeeded":1,"startTime":"2026-11-23T08:00:00Z","completionTime":"2026-11-23T08:00:20Z"}}""", "j|Complete|1/1 of 4|20s|<unknown>|||<none>")]
    [InlineData("CronJob", """{"metadata":{"name":"c"},"spec":{"schedule":"0 * * * *","suspend":false},"status":{"active":[{}],"lastScheduleTime":"2026-11-23T08:30:00Z"}}""", "c|0 * * * *|<none>|False|1|30m|<unknown>|||<none>")]
    [InlineData("ReplicaSet", """{"metadata":{"name":"r"},"spec":{"replicas":2,"selector":{"matchLabels":{"b":"2"},"matchExpressions":[{"key":"a","operator":"In","values":["y","x"]},{"key":"c","operator":"DoesNotExist"}]}},"status":{"replicas":2,"readyReplicas":1}}""", "r|2|2|1|<unknown>|||a in (x,y),b=2,!c")]
    [InlineData("PersistentVolume", """{"metadata":{"name":"v","deletionTimestamp":"2026-11-23T08:59:00Z"},"spec":{"capacity":{"storage":"8Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"n","name":"c"},"storageClassName":"managed","volumeMode":"Filesystem"},"status":{"phase":"Bound"}}""", "v|8Gi|RWO,RWX|Retain|Terminating|n/c|managed|<unset>||<unknown>|Filesystem")]
    [InlineData("PersistentVolumeClaim", """{"metadata":{"name":"c"},"spec":{"storageClassName":"managed"},"status":{"phase":"Pending"}}""", "c|Pending||||managed|<unset>|<unknown>|<unset>")]
    [InlineData("StorageClass", """{"metadata":{"name":"d","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"disk.csi.azure.com","volumeBindingMode":"WaitForFirstConsumer"}""", "d (default)|disk.csi.azure.com|Delete|WaitForFirstConsumer|false|<unknown>")]
    [InlineData("ConfigMap", """{"metadata":{"name":"c"},"data":{"a":"1"},"binaryData":{"b":"","c":""}}""", "c|3|<unknown>")]
    [InlineData("RoleBinding", """{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","namespace":"n","name":"s"}]}""", "b|Role/r|<unknown>|u||n/s")]
    [InlineData("ControllerRevision", """{"metadata":{"name":"c","ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"db","controller":true}]},"revision":2}""", "c|statefulset.apps/db|2|<unknown>")]
    [InlineData("Event", """{"metadata":{"name":"e"},"regarding":{"kind":"Pod","name":"p"},"note":"started ","type":"Normal","reason":"Started","reportingController":"kubelet","eventTime":"2026-11-23T08:59:50Z"}""", "10s|Normal|Started|pod/p||kubelet|started|10s|1|e")]
    [InlineData("LimitRange", """{"metadata":{"name":"l","creationTimestamp":"2026-11-23T08:59:00Z"}}""", "l|2026-11-23T08:59:00Z")]
    [InlineData("Node", """{"metadata":"no object","spec":[],"status":{"conditions":"none"}}""", "|Unknown|<none>|<unknown>||<none>|<none>|<unknown>|<unknown>|<unknown>")]
    public void Every_kind_has_the_columns_that_its_users_know(string kind, string json, string expected)
    {
        var cells = TableLayout.Cells(TableLayout.Of(kind), JsonNode.Parse(json)!.AsObject(), new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

        Assert.Equal(expected, string.Join('|', cells.Select(cell => $"{cell}")));
    }

    [Fact]
    public async Task Yaml_says_the_same_as_json()
    {
        var request = await Request("application/yaml");
        var answer = Representation.Negotiate(request, withProtobuf: false).Answer(HttpStatusCode.OK, Recorded.Read("deployment"), DateTimeOffset.UnixEpoch);

        Assert.Equal("application/yaml", answer.ContentType);
        var text = System.Text.Encoding.UTF8.GetString(answer.Body);
        Assert.StartsWith("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n", text, StringComparison.Ordinal);
        var read = DocumentJson.Of(new YamlDocumentReader().Read(text, "answer"));
        Assert.Equal(CanonicalJson.Text(Recorded.Read("deployment")), CanonicalJson.Text(read));
    }

    private static (string, string) Key(JsonNode? row) =>
        ((string)row!["object"]!["metadata"]!["name"]!, (string)row["object"]!["metadata"]!["resourceVersion"]!);

    private static async Task<JsonObject> Convert(JsonObject json, string? accept, string now = "2026-11-23T09:00:00Z", string query = "")
    {
        var answer = (await Negotiate(accept, query)).Answer(HttpStatusCode.OK, json, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));
        return JsonNode.Parse(answer.Body)!.AsObject();
    }

    private static async Task<Representation> Negotiate(string? accept, string query = "") => Representation.Negotiate(await Request(accept, query), withProtobuf: false);

    private static async Task<FaceRequest> Request(string? accept, string query = "")
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, $"https://kubernetes/api/v1/nodes{query}");
        if (accept is not null) message.Headers.Accept.ParseAdd(accept);
        return await FaceRequest.ReadAsync(message, CancellationToken.None);
    }

    private static JsonObject Pod(string what)
    {
        const string Container = """{"containers":[{"name":"c"}]}""";
        const string Init = """{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"c"}]}""";
        const string Running = """{"name":"c","ready":true,"restartCount":0,"state":{"running":{}}}""";
        const string Waiting = """{"name":"c","ready":false,"restartCount":0,"state":{"waiting":{"reason":"PodInitializing"}}}""";
        var (metadata, spec, status) = what switch
        {
            "crash loop" => ("", Container, """{"phase":"Running","containerStatuses":[{"name":"c","restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"finishedAt":"2026-11-23T08:55:00Z"}} }]}"""),
            "pulling" => ("", Container, """{"phase":"Pending","containerStatuses":[{"name":"c","restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}} }]}"""),
            "first init container" => ("", Init, $$$"""{"phase":"Pending","conditions":[{"type":"Initialized","status":"False"}],"initContainerStatuses":[{"name":"i","state":{"running":{} }},{"name":"j","state":{"waiting":{"reason":"PodInitializing"} }}],"containerStatuses":[{{{Waiting}}}]}"""),
            "init container that fails" => ("", Init, $$$"""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0} }},{"name":"j","restartCount":2,"state":{"terminated":{"exitCode":1,"reason":"Error"} },"lastState":{"terminated":{"finishedAt":"2026-11-23T08:59:00Z"} }}],"containerStatuses":[{{{Waiting}}}]}"""),
            "sidecar beside the container" => ("", """{"initContainers":[{"name":"i","restartPolicy":"Always"}],"containers":[{"name":"c"}]}""", $$$"""{"phase":"Running","conditions":[{"type":"Initialized","status":"True"}],"initContainerStatuses":[{"name":"i","ready":true,"started":true,"restartCount":1,"state":{"running":{} }}],"containerStatuses":[{{{Running}}}]}"""),
            "completed" => ("", Container, """{"phase":"Succeeded","containerStatuses":[{"name":"c","state":{"terminated":{"exitCode":0,"reason":"Completed"}} }]}"""),
            "one of two completed" => ("", """{"containers":[{"name":"c"},{"name":"d"}]}""", $$$"""{"phase":"Running","containerStatuses":[{{{Running}}},{"name":"d","state":{"terminated":{"exitCode":0,"reason":"Completed"} }}]}"""),
            "killed" => ("", Container, """{"phase":"Failed","containerStatuses":[{"name":"c","state":{"terminated":{"exitCode":137,"reason":"OOMKilled"}} }]}"""),
            "ended without a reason" => ("", Container, """{"phase":"Running","containerStatuses":[{"name":"c","state":{"terminated":{"exitCode":3}} }]}"""),
            "evicted" => ("", Container, """{"phase":"Failed","reason":"Evicted"}"""),
            "gated" => ("", Container, """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}"""),
            "terminating" => (""","deletionTimestamp":"2026-11-23T08:59:00Z" """, Container, $$$"""{"phase":"Running","containerStatuses":[{{{Running}}}]}"""),
            "on a lost node" => (""","deletionTimestamp":"2026-11-23T08:59:00Z" """, Container, $$$"""{"phase":"Running","reason":"NodeLost","containerStatuses":[{{{Running}}}]}"""),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        return JsonNode.Parse($$$"""{"metadata":{"name":"p"{{{metadata}}}},"spec":{{{spec}}},"status":{{{status}}}}""")!.AsObject();
    }
}
