using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Providers;
using ChaosPS.Tests;

namespace ChaosPS.Cli.Tests;

/// <summary>The questions to the Chaos Toolkit 1.45.0 that take YAML or the web.</summary>
public sealed class RecordedCaseTests : IDisposable
{
    private static readonly JsonElement s_recorded = JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cases", "chaos-toolkit-cases.json")));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-recorded-");

    public static TheoryData<string> Ids => [.. RecordedElsewhere.Ids];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task It_is_as_the_Chaos_Toolkit_answered(string id)
    {
        var recorded = s_recorded.EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        var (input, expected) = (recorded.GetProperty("input"), recorded.GetProperty("expected"));
        if (input.TryGetProperty("files", out var files)) ReadFiles(files, expected);
        else await RequestAsync(input.GetProperty("provider"), expected.GetProperty("value"));
    }

    private void ReadFiles(JsonElement files, JsonElement expected)
    {
        var paths = new List<string>();
        foreach (var file in files.EnumerateArray())
        {
            paths.Add(Path.Combine(_folder.FullName, file[0].GetString()!));
            File.WriteAllText(paths[^1], file[1].GetString());
        }

        if (!expected.TryGetProperty("value", out var value))
        {
            Assert.Equal("VariableFileInvalid", Assert.Throws<ChaosException>(() => VariableFile.Read(paths, new Composition().Documents)).ErrorId);
            return;
        }

        var read = VariableFile.Read(paths, new Composition().Documents);
        Assert.True(JsonElement.DeepEquals(value[0], JsonSerializer.SerializeToElement(read.Configuration)));
        Assert.True(JsonElement.DeepEquals(value[1], JsonSerializer.SerializeToElement(read.Secrets)));
        Assert.Empty(read.Environment);
    }

    private async Task RequestAsync(JsonElement provider, JsonElement expected)
    {
        await using var web = LoopbackWeb.Start(static path => path == "/redir" ? new LoopbackWeb.Answer(302, Location: "/text") : new LoopbackWeb.Answer(200, "text/plain", "OK"));
        var path = Path.Combine(_folder.FullName, "experiment.json");
        var definition = JsonNode.Parse(provider.GetRawText())!;
        definition["url"] = $"{web.Address}{new Uri((string)definition["url"]!).AbsolutePath}";
        File.WriteAllText(path, $$$"""{"title": "t", "description": "d", "method": [{"type": "probe", "name": "p", "provider": {{{definition.ToJsonString()}}}}]}""");

        var run = await CommandLineRun.InvokeAsync("run", path, "--sandbox", "contactsapp", "--allow-external", "--output", "json", "--state-path", _folder.FullName);

        var output = JsonNode.Parse(run.Output)!["run"]![0]!["output"]!;
        Assert.Equal((expected.GetProperty("status").GetInt32(), expected.GetProperty("body").GetString()), ((int)output["status"]!, (string?)output["body"]));
        Assert.Equal(expected.GetProperty("Content-Type").GetString(), (string?)output["headers"]!["Content-Type"]);
    }
}
