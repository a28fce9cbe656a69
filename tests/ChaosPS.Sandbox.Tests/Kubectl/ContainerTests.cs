using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Tests.Kubectl;

/// <summary>What kubectl reads of containers, and does in them.</summary>
public class ContainerTests
{
    private const string Pods = "/api/v1/namespaces/contactsapp/pods";

    public static TheoryData<string> Clients => ClusterUser.Clients;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_reads_what_a_container_has_written(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var pod = await FrontendAsync(user);
        var log = $"{Pods}/{pod.Name}/log";

        await user.DoAsync($"logs {pod.Name}", @" starts: .*\n.* serves\n\z", new Request("GET", log));
        await user.DoAsync($"logs {pod.Name} --tail=1", @"\A\S+ serves\n\z", new Request("GET", $"{log}?tailLines=1"));
        await user.DoAsync($"logs {pod.Name} --timestamps", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z \S+ starts", new Request("GET", $"{log}?timestamps=true"));
        await user.DoAsync($"logs {pod.Name} --since=1s", @"\A\z", new Request("GET", $"{log}?sinceSeconds=1"));
        await user.DoAsync("logs deploy/frontend-deploy --limit-bytes=8", @"\A.{8}\z", new Request("GET", $"{log}?limitBytes=8"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_command_has_its_output_its_errors_and_its_exit_code(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var pod = await FrontendAsync(user);

        var fine = await user.ExecAsync("", pod.Name, ["sh", "-c", "echo $HOSTNAME && sleep 0.1 || echo never"]);
        var wrong = await user.ExecAsync("", pod.Name, ["sh", "-c", "exit 7"]);
        var missing = await user.ExecAsync("", pod.Name, ["ls", "-l"]);

        Assert.Equal((0, $"{pod.Name}\n", ""), (fine.ExitCode, fine.Output, fine.Error));
        Assert.Equal(7, wrong.ExitCode);
        Assert.Equal((127, ""), (missing.ExitCode, missing.Output));
        Assert.Contains("exec: \"ls\": executable file not found in $PATH", missing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_command_reads_what_is_sent_to_it(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var pod = await FrontendAsync(user);

        Assert.Equal("one\ntwo\n", (await user.ExecAsync("-i", pod.Name, ["cat"], "one\ntwo\n")).Output);
        Assert.Equal("three\n", (await user.ExecAsync("-i", pod.Name, ["sh"], "false\necho three\n")).Output);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_container_whose_first_process_is_ended_starts_again(string client)
    {
        await using var user = new ClusterUser(client);
        var pod = await FrontendAsync(user);

        Assert.Equal(0, (await user.ExecAsync("", pod.Name, ["kill", "-9", "1"])).ExitCode); // the kernel keeps it from the first process
        Assert.Equal(137, (await user.ExecAsync("", pod.Name, ["sh", "-c", "kill 1; sleep 1h"])).ExitCode);
        await user.UntilAsync($"{Pods}/{pod.Name}", static pod => Container(pod) is var container && (bool)container["ready"]! && (int)container["restartCount"]! == 1);
        await user.DoAsync($"logs {pod.Name} --previous", @" ends with exit code 0\n\z", new Request("GET", $"{Pods}/{pod.Name}/log?previous=true"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_follows_a_log_to_the_containers_end(string client)
    {
        await using var user = new ClusterUser(client);
        var pod = await FrontendAsync(user);

        var following = user.DoAsync($"logs {pod.Name} -f", @" ends with exit code 0\n\z", new Request("GET", $"{Pods}/{pod.Name}/log?follow=true"));
        await user.ExecAsync("", pod.Name, ["kill", "1"]);
        await following.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task<ClusterPod> FrontendAsync(ClusterUser user) => (await user.Cluster.GetPodsAsync("contactsapp", "service=frontend", default)).Single();

    private static JsonNode Container(JsonNode pod) => pod["status"]!["containerStatuses"]![0]!;
}
