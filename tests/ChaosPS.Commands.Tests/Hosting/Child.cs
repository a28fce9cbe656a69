using System.Diagnostics;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>A process of its own that hosts the engine.</summary>
internal static class Child
{
    /// <summary>Runs a script that must have no errors, and returns the lines that it wrote.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string script)
    {
        var start = new ProcessStartInfo("dotnet", [Places.EngineHost])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(Path.GetTempPath(), "no-kubeconfig");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal("", await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
