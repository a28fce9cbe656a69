using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Kubernetes;

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

    private (string Context, k8s.KubernetesClientConfiguration Configuration) Load(KubeConfigOptions? options = null, string? defaultPath = null) =>
        KubeConfigFile.Load(options ?? new KubeConfigOptions(), name => name == "KUBECONFIG" ? _variable : null, defaultPath ?? Missing);

    private ChaosException Fails(KubeConfigOptions? options = null) => Assert.Throws<ChaosException>(() => Load(options));

    [Fact]
    public void The_current_context_of_the_default_file_is_taken()
    {
        var (context, configuration) = Load(defaultPath: Write("config", Config("aks", "https://aks:443", "aks")));

        Assert.Equal(("aks", "https://aks:443", "secret-aks"), (context, configuration.Host.TrimEnd('/'), configuration.AccessToken));
    }

    [Fact]
    public void The_files_of_the_variable_are_merged_the_first_one_first_and_missing_ones_passed_over()
    {
        _variable = string.Join(Path.PathSeparator, Write("a", Config("a", "https://a", null)), Missing, Write("b", Config("b", "https://b", "b")), Write("c", Config("a", "https://other", "a")));

        Assert.Equal("b", Load().Context);
        Assert.Equal("https://a", Load(new KubeConfigOptions(Context: "a")).Configuration.Host.TrimEnd('/'));
    }

    [Fact]
    public void A_relative_path_belongs_to_the_file_that_it_stands_in()
    {
        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "b"), Config("b", "https://b", null).Replace("{token: secret-b}", "{client-certificate: cert.pem, client-key: key.pem}", StringComparison.Ordinal));
        _variable = string.Join(Path.PathSeparator, Write("a", Config("a", "https://a", "b")), Path.Combine(other, "b"));

        Assert.Equal(Path.Combine(other, "cert.pem"), Load().Configuration.ClientCertificateFilePath);
    }

    [Fact]
    public void Without_a_kubeconfig_the_error_names_both_ways()
    {
        var error = Fails();

        Assert.Equal("NoCluster", error.ErrorId);
        Assert.Contains("KUBECONFIG is not set and there is no kubeconfig", error.Message, StringComparison.Ordinal);
        Assert.Contains("Connect-ChaosCluster", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("New-ChaosSandbox", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_names_no_file_is_an_error_of_its_own()
    {
        _variable = Missing;

        Assert.Contains($"KUBECONFIG names no file that exists: {Missing}", Fails().Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("")]
    [InlineData("a: [")]
    [InlineData("just text")]
    public void A_broken_file_is_named(string text) => Assert.Contains(
        Fails(new KubeConfigOptions(Write("config", text))).ErrorId, new[] { "KubeConfigInvalid", "ContextNotChosen" });

    [Fact]
    public void A_context_without_its_user_is_named_and_no_secret_is_told()
    {
        var error = Fails(new KubeConfigOptions(Write("config", Config("aks", "https://aks", "aks").Replace("user: aks", "user: nobody", StringComparison.Ordinal))));

        Assert.Equal("KubeConfigInvalid", error.ErrorId);
        Assert.Contains("context 'aks'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
