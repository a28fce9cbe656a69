using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Providers.Yaml;

namespace ChaosPS.Providers.Tests.Yaml;

/// <summary>Files of variables in YAML, as the Chaos Toolkit was recorded to read them.</summary>
public sealed class VariableFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"chaosps-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Configuration_and_secrets_are_values_of_each()
    {
        File.WriteAllText(_path, "configuration: {a: 1}\nsecrets: {s: {k: v}}\n");

        var read = VariableFile.Read([_path], new YamlDocumentReader());

        Assert.Equal(1L, read.Configuration["a"]);
        Assert.Equal("v", ((IReadOnlyDictionary<string, object?>)read.Secrets["s"]!)["k"]);
        Assert.Empty(read.Environment);
    }

    [Theory]
    [InlineData("- 1\n")]
    [InlineData("configuration: 1\n")]
    [InlineData("{}\n")]
    public void What_is_no_such_mapping_is_refused(string text)
    {
        File.WriteAllText(_path, text);

        Assert.Equal("VariableFileInvalid", Assert.Throws<ChaosException>(() => VariableFile.Read([_path], new YamlDocumentReader())).ErrorId);
    }
}
