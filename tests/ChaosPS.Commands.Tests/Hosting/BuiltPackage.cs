using System.Diagnostics;
using System.IO.Compression;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>The packages, made once for a class of tests and unpacked in a folder that goes with it.</summary>
public sealed class BuiltPackage : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-package-").FullName;

    /// <summary>The folder of the module, from the zip.</summary>
    public string Zip => Path.Combine(_folder, "zip", "ChaosPS");

    /// <summary>The folder of the module, from the nupkg, with what NuGet adds.</summary>
    public string NuGet => Path.Combine(_folder, "nupkg", "ChaosPS");

    public async Task InitializeAsync()
    {
        var packages = Path.Combine(_folder, "packages");
        string[] arguments =
        [
            "pack", Path.Combine(Places.RepositoryRoot, "src", "ChaosPS"), "--no-build", "--nologo", "-m:1", "-nodeReuse:false",
            "-c", Places.Configuration, $"-p:PackageOutputPath={packages}/",
        ];
        using var pack = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await pack.StandardOutput.ReadToEndAsync();
        await pack.WaitForExitAsync();
        Assert.True(pack.ExitCode == 0, output);
        ZipFile.ExtractToDirectory(Assert.Single(Directory.GetFiles(packages, "*.zip")), Zip);
        ZipFile.ExtractToDirectory(Assert.Single(Directory.GetFiles(packages, "*.nupkg")), NuGet);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
