namespace ChaosPS.Sandbox.Tests.Sources;

/// <summary>A folder of text files that lives as long as a test.</summary>
internal sealed class TextFolder : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("chaosps-tests-");

    public TextFolder(params (string Name, string Text)[] files)
    {
        Path = System.IO.Path.Combine(_parent.FullName, "shop");
        Directory.CreateDirectory(Path);
        foreach (var (name, text) in files)
        {
            var file = File(name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            System.IO.File.WriteAllText(file, text);
        }
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _parent.Delete(recursive: true);
}
