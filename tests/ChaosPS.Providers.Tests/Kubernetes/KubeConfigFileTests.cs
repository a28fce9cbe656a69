using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Kubernetes.Access;
using ChaosPS.Providers.Kubernetes.KubeConfigs;

namespace ChaosPS.Providers.Tests.Kubernetes;

public sealed class KubeConfigFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-kubeconfig-").FullName;
    private string? _variable;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Missing => Path.Combine(_folder, "missing");

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Config(string name, string server, string? current) => $$$"""
        apiVersion: v1
        kind: Config
        {{{(current is null ? "" : $"current-context: {current}")}}}
        clusters: [{name: {{{name}}}, cluster: {server: "{{{server}}}"}}]
        users: [{name: {{{name}}}, user: {token: secret-{{{name}}}}}]
        contexts: [{name: {{{name}}}, context: {cluster: {{{name}}}, user: {{{name}}}}}]
        """;

    private ClusterAccess Load(KubeConfigOptions? options = null, string? defaultPath = null)
    {
        options ??= new KubeConfigOptions();
        var (config, path) = Read(options, defaultPath ?? Missing)!.Value;
        return KubeConfigAccess.Open(config, path, options.Context, TimeProvider.System);
    }

    private (KubeConfig Config, string Path)? Read(KubeConfigOptions options, string defaultPath) =>
        KubeConfigFile.Read(options, name => name == "KUBECONFIG" ? _variable : null, defaultPath);

    private ChaosException Fails(KubeConfigOptions? options = null) => Assert.Throws<ChaosException>(() => Load(options));

    [Fact]
    public void The_current_context_of_the_default_file_is_taken()
    {
        var access = Load(defaultPath: Write("config", Config("aks", "https://aks:6443", "aks")));

        Assert.Equal(("aks", "https://aks:6443", "the token of user 'aks'"), (access.Name, access.Server, access.Credential.Words));
    }

    [Fact]
    public void The_files_of_the_variable_are_merged_the_first_one_first_and_missing_ones_passed_over()
    {
        _variable = string.Join(Path.PathSeparator, Write("a", Config("a", "https://a", null)), Missing, Write("b", Config("b", "https://b", "b")), Write("c", Config("a", "https://other", "a")));

        Assert.Equal("b", Load().Name);
        Assert.Equal("https://a", Load(new KubeConfigOptions(Context: "a")).Server);
    }

    [Fact]
    public void The_files_are_known_by_absolute_paths_and_lead_another_process_to_the_same_context()
    {
        string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);
        var (a, b) = (Write("a", Config("a", "https://a", null)), Write("b", Config("b", "https://b", "b")));

        Assert.Equal(a, Read(new KubeConfigOptions(Relative(a)), Missing)!.Value.Path);
        Assert.Equal(b, Read(new KubeConfigOptions(), Relative(b))!.Value.Path);
        _variable = string.Join(Path.PathSeparator, Relative(a), Missing, Relative(b));
        var found = Read(new KubeConfigOptions(), Missing)!.Value.Path;
        _variable = null;
        Assert.Equal(string.Join(Path.PathSeparator, a, b), found);
        Assert.Equal("https://b", Load(new KubeConfigOptions(found, "b")).Server);
    }

    [Fact]
    public void A_relative_path_belongs_to_the_file_that_it_stands_in()
    {
        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "b"), Config("b", "https://b", null).Replace("{token: secret-b}", "{client-certificate: cert.pem, client-key: key.pem}", StringComparison.Ordinal));
        _variable = string.Join(Path.PathSeparator, Write("a", Config("a", "https://a", "b")), Path.Combine(other, "b"));

        Assert.Contains($"the client-certificate '{Path.Combine(other, "cert.pem")}' cannot be read", Fails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_kubeconfig_there_is_none_and_it_is_said_where_it_was_looked_for()
    {
        Assert.Null(Read(new KubeConfigOptions(), Missing));
        Assert.Equal($"KUBECONFIG is not set and there is no kubeconfig '{Missing}'.", KubeConfigFile.Searched(_ => null, Missing));

        _variable = Missing;
        Assert.Null(Read(new KubeConfigOptions(), Write("config", Config("aks", "https://aks", "aks"))));
        Assert.Equal($"KUBECONFIG names no file that exists: {Missing}.", KubeConfigFile.Searched(_ => _variable, "~"));
    }

    [Fact]
    public void A_named_file_that_is_missing_is_named() => Assert.Equal("KubeConfigNotFound", Fails(new KubeConfigOptions(Missing)).ErrorId);

    [Fact]
    public void An_unknown_context_lists_those_that_exist()
    {
        var error = Fails(new KubeConfigOptions(Write("config", Config("aks", "https://aks", "aks")), "AKS"));

        Assert.Equal("ContextNotFound", error.ErrorId);
        Assert.Contains("Its contexts: aks.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_current_context_lists_those_that_exist() => Assert.Equal(
        "ContextNotChosen", Fails(new KubeConfigOptions(Write("config", Config("aks", "https://aks", null)))).ErrorId);

    [Fact]
    public void An_empty_file_has_no_context() => Assert.Equal("ContextNotChosen", Fails(new KubeConfigOptions(Write("config", ""))).ErrorId);

    [Theory]
    [InlineData("a: [", "config(2,")]
    [InlineData("just text", "it holds no names and values")]
    [InlineData("kind: Pod", "line 1, column 1: it is a Pod, no kubeconfig")]
    [InlineData("apiVersion: v2", "line 1, column 1: its apiVersion is v2, and only v1 is known")]
    [InlineData("clusters: 3", "line 1, column 11: 'clusters' has to be a list")]
    [InlineData("clusters:\n- name: a\n  cluster: https://a", "line 3, column 12: 'cluster' has to hold names and values")]
    [InlineData("clusters:\n- name: a\n  cluster:\n    server: [x]", "line 4, column 13: 'server' has to be text")]
    [InlineData("users:\n- name: a\n  user: {token: 12345}", "line 3, column 17: 'token' has to be text: put it in quotes")]
    [InlineData("clusters:\n- name: a\n  cluster: {insecure-skip-tls-verify: 'yes'}", "line 3, column 39: 'insecure-skip-tls-verify' has to be true or false")]
    [InlineData("clusters:\n- name: a\n  cluster: {certificate-authority-data: '%'}", "line 3, column 41: 'certificate-authority-data' is no base64")]
    [InlineData("clusters:\n- name: a\n- name: a", "line 3, column 3: 'clusters' has 'a' twice")]
    public void A_broken_file_is_named_with_the_place(string text, string reason)
    {
        var path = Write("config", text);

        var error = Fails(new KubeConfigOptions(path));

        Assert.Equal("KubeConfigInvalid", error.ErrorId);
        Assert.StartsWith($"The kubeconfig '{path}' cannot be used: {reason}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_kubeconfig()
    {
        _variable = _folder;

        Assert.Equal("KubeConfigInvalid", Fails().ErrorId);
    }

    [Fact]
    public void A_context_without_its_user_is_named_and_no_secret_is_told()
    {
        var error = Fails(new KubeConfigOptions(Write("config", Config("aks", "https://aks", "aks").Replace("user: aks", "user: nobody", StringComparison.Ordinal))));

        Assert.Equal("KubeConfigInvalid", error.ErrorId);
        Assert.Contains("context 'aks'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
