using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Ports;
using ChaosPS.Providers.Kubernetes.KubeConfigs;

namespace ChaosPS.Providers.Tests.Kubernetes;

/// <summary>
/// Many generated kubeconfigs, merged: what comes out is what the rules say, and, where this machine has a kubectl, what kubectl says.
/// </summary>
public sealed class KubeConfigMergeTests : IDisposable
{
    private const int Cases = 30;

    private static readonly string[] s_names = ["a", "b", "c"];

    private static readonly string[] s_order =
    [
        "cluster", "user", "namespace", "server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url", "disable-compression",
        "token", "tokenFile", "as", "as-uid", "as-groups", "username", "password", "client-certificate-data", "client-key-data", "command", "args",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-merge-").FullName;

    private static string? Kubectl { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).SelectMany(static folder => new[] { "kubectl", "kubectl.exe" }, Path.Combine).FirstOrDefault(File.Exists);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_equal_names_the_first_file_counts_whole_and_paths_belong_to_their_file()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var (files, variable) = Generate(seed);

            AssertSame(seed, Expected(files), Read(variable));
        }
    }

    [Fact]
    public async Task The_same_comes_out_of_kubectl()
    {
        if (Kubectl is null) return; // the rules are proved without it above

        for (var seed = 0; seed < Cases; seed++)
        {
            var (_, variable) = Generate(seed);

            AssertSame(seed, await AskKubectlAsync(variable), Read(variable));
        }
    }

    private static void AssertSame(int seed, JsonObject expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Case {seed}:\n{expected}\n{actual}");

    private JsonObject Read(string variable)
    {
        var config = KubeConfigFile.Read(new KubeConfigOptions(), name => name == "KUBECONFIG" ? variable : null, "")!.Value.Config;
        return new JsonObject
        {
            ["current-context"] = config.CurrentContext,
            ["contexts"] = Map(config.Contexts, static context => Fields(("cluster", context.Cluster), ("user", context.User), ("namespace", context.Namespace))),
            ["clusters"] = Map(config.Clusters, static cluster => Fields(
                ("server", cluster.Server), ("tls-server-name", cluster.TlsServerName), ("insecure-skip-tls-verify", cluster.InsecureSkipTlsVerify ? true : null),
                ("certificate-authority-data", Content(cluster.CertificateAuthorityData, cluster.CertificateAuthority)),
                ("proxy-url", cluster.ProxyUrl), ("disable-compression", cluster.DisableCompression ? true : null))),
            ["users"] = Map(config.Users, static user => Fields(
                ("token", user.Token), ("tokenFile", user.TokenFile), ("as", user.As), ("as-uid", user.AsUid),
                ("as-groups", user.AsGroups.Count > 0 ? new JsonArray([.. user.AsGroups.Select(static group => (JsonNode)group)]) : null),
                ("username", user.Username), ("password", user.Password),
                ("client-certificate-data", Content(user.ClientCertificateData, user.ClientCertificate)),
                ("client-key-data", Content(user.ClientKeyData, user.ClientKey)),
                ("command", user.Exec?.Command ?? ""), ("args", user.Exec is { Arguments.Count: > 0 } exec ? new JsonArray([.. exec.Arguments.Select(static argument => (JsonNode)argument)]) : null))),
        };
    }

    private static JsonObject Map<T>(OrderedDictionary<string, T> entries, Func<T, JsonObject> write) =>
        new(entries.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)write(entry.Value))));

    private static JsonObject Fields(params (string Name, object? Value)[] fields) => new(fields
        .Where(static field => field.Value is not (null or ""))
        .Select(static field => KeyValuePair.Create(field.Name, field.Value as JsonNode ?? JsonSerializer.SerializeToNode(field.Value))));

    private static string Content(byte[] data, string path) => Convert.ToBase64String(data.Length > 0 || path.Length == 0 ? data : File.ReadAllBytes(path));

    /// <summary>The rules, by hand.</summary>
    private static JsonObject Expected(List<(string Folder, JsonObject Config)> files)
    {
        return new JsonObject
        {
            ["current-context"] = files.Select(static file => (string?)file.Config["current-context"]).FirstOrDefault(static name => !string.IsNullOrEmpty(name)) ?? "",
            ["contexts"] = First("contexts", "context"),
            ["clusters"] = First("clusters", "cluster"),
            ["users"] = First("users", "user"),
        };

        JsonObject First(string list, string field)
        {
            var all = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
            foreach (var (folder, config) in files)
            {
                foreach (var item in (JsonArray)config[list]!) all.TryAdd((string)item!["name"]!, Flat((JsonObject)item[field]!, folder));
            }

            return new JsonObject(all);
        }
    }

    /// <summary>An entry with the contents of its files in place of their paths, as <c>kubectl config view --flatten</c> writes it, and empty fields left out.</summary>
    private static JsonObject Flat(JsonObject entry, string folder)
    {
        var flat = new JsonObject();
        foreach (var (name, value) in entry)
        {
            if (name is "certificate-authority" or "client-certificate" or "client-key")
                flat[$"{name}-data"] = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder, (string)value!)));
            else if (name == "exec") Exec(flat, (JsonObject)value!);
            else if (value?.ToJsonString() is not (null or "false" or "\"\"")) flat[name] = value.DeepClone();
        }

        return Fields([.. s_order.Where(flat.ContainsKey).Select(name => (name, (object?)flat[name]!.DeepClone()))]);
    }

    private static void Exec(JsonObject flat, JsonObject exec)
    {
        flat["command"] = exec["command"]!.DeepClone();
        if (exec["args"] is JsonArray { Count: > 0 } arguments) flat["args"] = arguments.DeepClone();
    }

    private async Task<JsonObject> AskKubectlAsync(string variable)
    {
        var start = new ProcessStartInfo(Kubectl!, ["config", "view", "--raw", "--flatten", "-o", "json"]) { RedirectStandardOutput = true, WorkingDirectory = _folder };
        start.Environment["KUBECONFIG"] = variable;
        start.Environment["HOME"] = _folder;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        var all = JsonNode.Parse(output)!;
        return new JsonObject
        {
            ["current-context"] = all["current-context"]!.DeepClone(),
            ["contexts"] = Sorted("contexts", "context"),
            ["clusters"] = Sorted("clusters", "cluster"),
            ["users"] = Sorted("users", "user"),
        };

        JsonObject Sorted(string list, string field) => new((all[list] as JsonArray ?? [])
            .OrderBy(static item => (string)item!["name"]!, StringComparer.Ordinal)
            .Select(item => KeyValuePair.Create((string)item!["name"]!, (JsonNode?)Flat((JsonObject)item[field]!, ""))));
    }

    /// <summary>One to four files in folders of their own, some named twice, one that is not there.</summary>
    private (List<(string Folder, JsonObject Config)> Files, string Variable) Generate(int seed)
    {
        var chance = new Random(seed);
        var files = new List<(string Folder, JsonObject Config)>();
        var paths = new List<string>();
        for (var number = 0; number < 1 + chance.Next(4); number++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{seed}-{number}")).FullName;
            foreach (var name in s_names) File.WriteAllText(Path.Combine(folder, $"{name}.pem"), $"{folder} {name}");
            var config = Config(chance);
            var path = Path.Combine(folder, "config");
            File.WriteAllText(path, chance.Next(2) == 0 ? config.ToJsonString() : Yaml(config, 0));
            files.Add((folder, config));
            paths.Add(path);
        }

        if (chance.Next(2) == 0) paths.Insert(chance.Next(paths.Count), Path.Combine(_folder, "missing"));
        if (chance.Next(2) == 0) paths.Add(paths[0]);
        return (files, string.Join(Path.PathSeparator, paths));
    }

    private JsonObject Config(Random chance)
    {
        var config = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Config" };
        if (chance.Next(3) > 0) config["current-context"] = chance.Next(3) == 0 ? "" : Pick(chance);
        config["clusters"] = List("cluster", () => Some(
            chance, ("server", $"https://{chance.Next(100)}"), ("tls-server-name", Pick(chance)), ("insecure-skip-tls-verify", chance.Next(2) == 0),
            ("certificate-authority", $"{Pick(chance)}.pem"), ("proxy-url", "http://proxy"), ("disable-compression", chance.Next(2) == 0), ("unknown", 1)));
        config["users"] = List("user", () => Some(
            chance, ("token", $"token {chance.Next(100)}"), ("tokenFile", Path.Combine(_folder, "token")), ("as", Pick(chance)), ("as-uid", $"{chance.Next(100)}"), ("as-groups", new JsonArray(Pick(chance), Pick(chance))),
            ("username", "123"), ("password", "yes"), ("client-certificate", $"./{Pick(chance)}.pem"), ("client-key", $"{Pick(chance)}.pem"),
            ("exec", new JsonObject { ["command"] = Pick(chance), ["apiVersion"] = "client.authentication.k8s.io/v1beta1", ["args"] = new JsonArray(Pick(chance), "--x") })));
        config["contexts"] = List("context", () => Some(chance, ("cluster", Pick(chance)), ("user", Pick(chance)), ("namespace", Pick(chance))));
        return config;

        JsonArray List(string field, Func<JsonObject> entry) =>
            [.. s_names.Where(_ => chance.Next(2) == 0).Select(name => new JsonObject { ["name"] = name, [field] = entry() })];
    }

    private static string Pick(Random chance) => s_names[chance.Next(s_names.Length)];

    private static JsonObject Some(Random chance, params (string Name, object Value)[] fields) => new(fields
        .Where(_ => chance.Next(2) == 0)
        .Select(static field => KeyValuePair.Create(field.Name, field.Value as JsonNode ?? JsonSerializer.SerializeToNode(field.Value))));

    private static string Yaml(JsonNode? node, int depth)
    {
        var text = new StringBuilder();
        if (node is not JsonObject { Count: > 0 } map) return node?.ToJsonString() ?? "null";
        foreach (var (name, value) in map)
        {
            text.Append(new string(' ', depth * 2)).Append(name).Append(':');
            text.Append(value switch
            {
                JsonObject { Count: > 0 } => $"\n{Yaml(value, depth + 1)}",
                JsonArray { Count: > 0 } list when list[0] is JsonObject =>
                    $"\n{string.Concat(list.Select(item => $"{new string(' ', depth * 2)}- {Yaml(item, depth + 1).TrimStart()}"))}",
                _ => $" {value?.ToJsonString() ?? "null"}\n",
            });
        }

        return text.ToString();
    }
}
