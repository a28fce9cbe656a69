namespace ChaosPS.Cli.Tests;

/// <summary>Experiments from the web, and requests to servers whose certificate nobody trusts.</summary>
public sealed class SourceTests
{
    private const string TokenVariable = "CHAOSTOOLKIT_LOADER_AUTH_BEARER_TOKEN";
    private const string Yaml = "title: Of the web\ndescription: d\nmethod: []\n";
    private const string Json = "{\n\t\"title\": \"Of the web\", \"description\": \"d\", \"method\": []}";

    [Theory]
    [InlineData("application/json", "/x", Json)]
    [InlineData("application/json; charset=utf-8", "/x", Json)]
    [InlineData("application/x-yaml", "/x", Yaml)]
    [InlineData("text/yaml", "/x", Yaml)]
    [InlineData("text/plain", "/x.json", Json)]
    [InlineData("text/plain; charset=utf-8", "/x.yaml", Yaml)]
    [InlineData("text/plain", "/x", Json)]
    [InlineData("text/plain", "/x", Yaml)]
    public async Task An_experiment_is_read_by_the_type_that_its_server_gives_it(string type, string path, string text)
    {
        await using var web = LoopbackWeb.Of(type, text);

        var run = await CommandLineRun.InvokeAsync("validate", $"{web.Address}{path}");

        Assert.Equal((0, $"{web.Address}{path}: valid, 0 errors, 0 warnings{Environment.NewLine}"), (run.ExitCode, run.Output));
        Assert.Contains("Accept: application/json, application/x-yaml", web.Requests.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, null, "", 2, "SourceRefused", "status 404")]
    [InlineData(401, null, "", 2, "SourceRefused", TokenVariable)]
    [InlineData(500, null, "", 2, "SourceRefused", "status 500")]
    [InlineData(200, "text/html", "<html>", 3, "SourceTypeUnknown", "of the type text/html")]
    [InlineData(200, null, "title: x", 3, "SourceTypeUnknown", "of no content type")]
    [InlineData(200, "application/json", "{bad", 3, "DocumentInvalid", "(1,2)")]
    public async Task What_a_server_does_not_give_is_said_with_the_address_but_without_its_secrets(
        int status, string? type, string body, int exitCode, string id, string said)
    {
        await using var web = LoopbackWeb.Start(_ => new LoopbackWeb.Answer(status, type, body));
        var address = web.Address.Replace("://", "://user:planted@", StringComparison.Ordinal);

        var run = await CommandLineRun.InvokeAsync("validate", $"{address}/x?sig=planted");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith($"error {id}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{web.Address}/x", run.Error, StringComparison.Ordinal);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0}: {{type: basic, value: abc}}", "Authorization: basic abc")]
    [InlineData("other.invalid: {{type: basic, value: abc}}", null)]
    public async Task Settings_sign_in_at_the_server_that_they_name(string auths, string? header)
    {
        await using var web = LoopbackWeb.Of("application/json", Json);
        var settings = Samples.Write($"settings-{new Uri(web.Address).Port}.yaml", $"auths:\n  {string.Format(System.Globalization.CultureInfo.InvariantCulture, auths, new Uri(web.Address).Authority)}\n");

        var run = await CommandLineRun.InvokeAsync("validate", $"{web.Address}/x", "--settings", settings);

        Assert.Equal(0, run.ExitCode);
        if (header is null) Assert.DoesNotContain("Authorization", web.Requests.Single(), StringComparison.Ordinal);
        else Assert.Contains(header, web.Requests.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_settings_sign_in_with_is_not_sent_in_the_clear()
    {
        var settings = Samples.Write("settings-clear.yaml", "auths: {example.invalid: {type: bearer, value: planted}}");

        var run = await CommandLineRun.InvokeAsync("validate", "http://example.invalid/x", "--settings", settings);

        Assert.StartsWith("error SourceTokenExposed: http://example.invalid/x is not encrypted, and the token of the settings would be sent there.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_no_experiment()
    {
        await using var web = LoopbackWeb.Of("application/x-yaml", new string('#', 5 << 20));

        var run = await CommandLineRun.InvokeAsync("validate", web.Address);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("error SourceTooLarge: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/x.yaml", "error SourceUnreachable: ")]
    [InlineData("ftp://127.0.0.1/x.yaml", "error SourceUnsupported: 'ftp://127.0.0.1/x.yaml'")]
    public async Task What_cannot_be_fetched_is_wrong_usage(string source, string error)
    {
        var run = await CommandLineRun.InvokeAsync("run", source, "--sandbox", "contactsapp");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_refused_unless_that_is_said()
    {
        await using var web = LoopbackWeb.Of("application/x-yaml", Yaml, tls: true);

        var refused = await CommandLineRun.InvokeAsync("validate", web.Address);
        var taken = await CommandLineRun.InvokeAsync("validate", web.Address, "--no-verify-tls");

        Assert.Equal((2, 0), (refused.ExitCode, taken.ExitCode));
        Assert.StartsWith("error SourceUnreachable: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--no-verify-tls", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_sent_on_within_a_server_and_to_no_other()
    {
        await using var other = LoopbackWeb.Of("application/x-yaml", Yaml);
        await using var web = LoopbackWeb.Start(path => path == "/a" ? new LoopbackWeb.Answer(302, Location: "/b") : new LoopbackWeb.Answer(307, Location: other.Address));
        Environment.SetEnvironmentVariable(TokenVariable, "planted-loader");
        try
        {
            var run = await CommandLineRun.InvokeAsync("validate", $"{web.Address}/a");
            var open = await CommandLineRun.InvokeAsync("validate", "http://example.invalid/x.yaml");

            Assert.Equal((0, 2), (run.ExitCode, open.ExitCode));
            Assert.StartsWith("error SourceTokenExposed: ", open.Error, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(TokenVariable, null);
        }

        Assert.Equal(2, web.Requests.Count);
        Assert.All(web.Requests, static request => Assert.Contains("Authorization: Bearer planted-loader", request, StringComparison.Ordinal));
        Assert.DoesNotContain("Authorization", other.Requests.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify_tls: true", 4)]
    [InlineData("verify_tls: false", 0)]
    public async Task A_probe_believes_any_certificate_only_where_it_says_so(string option, int exitCode)
    {
        await using var web = LoopbackWeb.Of("text/plain", "OK", tls: true);
        var path = Samples.Write($"tls-{exitCode}.yaml", Probe($"url: \"{web.Address}\", {option}"));

        var run = await CommandLineRun.InvokeAsync("run", path, "--sandbox", "contactsapp", "--allow-external");

        Assert.True(run.ExitCode == exitCode, run.Output + run.Error);
    }

    [Fact]
    public async Task A_probe_signs_in_with_what_stands_before_the_host_and_not_where_it_is_sent_on_to()
    {
        await using var other = LoopbackWeb.Of("text/plain", "OK");
        await using var web = LoopbackWeb.Start(_ => new LoopbackWeb.Answer(303, Location: other.Address));
        var address = web.Address.Replace("://", "://user:p%40ss@", StringComparison.Ordinal);
        var path = Samples.Write(
            "basic.yaml", Probe($"url: \"{address}\", method: POST, arguments: {{ a: 1 }}, headers: {{ X-Api-Key: planted-key, X-Trace: kept }}"));

        var run = await CommandLineRun.InvokeAsync("run", path, "--sandbox", "contactsapp", "--allow-external");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("Authorization: Basic dXNlcjpwQHNz", web.Requests[0], StringComparison.Ordinal); // user:p@ss
        Assert.StartsWith("POST ", web.Requests[0], StringComparison.Ordinal);
        Assert.StartsWith("GET ", other.Requests[0], StringComparison.Ordinal);
        Assert.Contains("X-Trace: kept", other.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", other.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("planted-key", other.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_sends_on_for_ever_is_a_probe_that_failed()
    {
        await using var web = LoopbackWeb.Start(_ => new LoopbackWeb.Answer(302, Location: "/again"));
        var path = Samples.Write("endless.yaml", Probe($"url: \"{web.Address}\""));

        var run = await CommandLineRun.InvokeAsync("run", path, "--sandbox", "contactsapp", "--allow-external");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("has sent on to another address 30 times", run.Output, StringComparison.Ordinal);
    }

    private static string Probe(string provider) => $$"""
        title: t
        description: d
        steady-state-hypothesis:
          title: h
          probes:
          - { type: probe, name: ask, tolerance: 200, provider: { type: http, {{provider}} } }
        method: []
        """;
}
