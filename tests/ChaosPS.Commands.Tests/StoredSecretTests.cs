using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Secrets that PowerShell's SecretManagement keeps: here a <c>Get-Secret</c> of the session's own.</summary>
public sealed class StoredSecretTests : IDisposable
{
    private const string Fake = """
        function Get-Secret { [CmdletBinding()] param([string]$Name, [string]$Vault)
            $global:asked += @("$Name/$Vault")
            $text = [securestring]::new(); 'planted-text'.ToCharArray() | ForEach-Object { $text.AppendChar($_) }
            switch ($Name) {
                'text' { $text }
                'plain' { 'planted-plain' }
                'login' { [pscredential]::new('ada', $text) }
                'map' { @{ inner = $text } }
                'none' { }
                default { throw "The secret $Name was not found." }
            }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("@{ key = @{ type = 'secretmanagement'; name = 'text' } }", "${key}", "planted-text")]
    [InlineData("@{ key = @{ type = 'secretmanagement'; name = 'plain'; vault = 'V' } }", "${key}", "planted-plain")]
    [InlineData("@{ type = 'secretmanagement'; name = 'login' }", "${username} ${password}", "ada planted-text")]
    [InlineData("@{ type = 'secretmanagement'; name = 'map' }", "${inner}", "planted-text")]
    public void A_secret_is_read_in_the_session_and_reaches_only_what_needs_it(string scope, string argument, string value)
    {
        using var shell = _engine.Create($"{Fake}; $run = {Experiment(scope, argument)} | Invoke-ChaosExperiment -AllowExternal -Confirm:$false -Verbose -StatePath '{_folder.FullName}'; $run; $run.Journal.ToJsonString()");

        var output = shell.Invoke();

        Assert.True(output.Count == 2, string.Join("\n", shell.Streams.Error));
        Assert.Equal("Passed", output[0].Properties["Outcome"].Value.ToString());
        Assert.Equal(value, _engine.Invoke("$global:got").Single().ToString());
        string[] said =
        [
            output[1].ToString(), _engine.Host.Text, .. shell.Streams.Verbose.Select(static record => record.Message), .. shell.Streams.Information.Select(static record => record.ToString()),
            .. Directory.EnumerateFiles(_folder.FullName, "*.json*", SearchOption.AllDirectories).Select(File.ReadAllText),
        ];
        Assert.All(said, static text => Assert.DoesNotContain("planted", text, StringComparison.Ordinal));
        Assert.Contains("secretmanagement", output[1].ToString(), StringComparison.Ordinal); // where it is from is kept
    }

    [Theory]
    [InlineData("missing", "The secret missing was not found")]
    [InlineData("none", "there is none of that name")]
    public void A_secret_that_cannot_be_read_keeps_the_run_from_starting(string name, string reason)
    {
        var error = _engine.Run($"{Fake}; {Experiment($"@{{ key = @{{ type = 'secretmanagement'; name = '{name}'; vault = 'V' }} }}", "${key}")} | Invoke-ChaosExperiment -AllowExternal -Confirm:$false").Errors.Single();

        Assert.StartsWith("SecretUnreadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"The secret '{name}' of the vault 'V' cannot be read: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_asks_no_vault() => Assert.Equal(
        ["True", "False"],
        _engine.Invoke($"{Fake}; ({Experiment("@{ key = @{ type = 'secretmanagement'; name = 'text' } }", "${key}")} | Test-ChaosExperiment -AllowExternal).IsValid; $null -ne $global:asked").Select(static value => value.ToString()));

    [Theory]
    [InlineData("@{ type = 'secretmanagement'; name = 'text' }", "SecretManagementMissing", "Install-PSResource")]
    [InlineData("@{ type = 'secretmanagement' }", "MissingKey", "name")]
    [InlineData("@{ type = 'secretmanagement'; name = 'text'; vault = 5 }", "WrongType", null)]
    [InlineData("@{ type = 'vault'; path = 'x' }", "NotSupported", "secretmanagement")]
    public void What_cannot_be_read_is_found_by_validation(string secret, string code, string? suggestion)
    {
        var finding = _engine.Invoke($"({Experiment($"@{{ key = {secret} }}", "x")} | Test-ChaosExperiment -AllowExternal).Errors").Single();

        Assert.Equal(code, finding.Properties["Code"].Value);
        if (suggestion is not null) Assert.Contains(suggestion, finding.Properties["Suggestion"].Value.ToString(), StringComparison.Ordinal);
    }

    private static string Experiment(string scope, string argument) => $"@{{ title = 't'; description = 'd'; secrets = @{{ s = {scope} }}; method = @(@{{ type = 'action'; name = 'a'; provider = "
        + $"@{{ type = 'powershell'; script = 'param($v) $global:got = $v; $v'; arguments = '{argument}' }} }}) }}";
}
