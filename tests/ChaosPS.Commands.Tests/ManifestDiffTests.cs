using System.Diagnostics;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What <c>git diff</c> shows of recorded manifests that the cmdlets have changed: the lines that were meant, and no others.</summary>
public sealed class ManifestDiffTests : IDisposable
{
    private const string Before = "before";
    private const string After = "after";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-diff-");
    private readonly Engine _engine = new();

    public ManifestDiffTests()
    {
        foreach (var side in new[] { Before, After })
        {
            _folder.CreateSubdirectory(side);
            foreach (var file in Directory.GetFiles(Path.Combine(Places.RepositoryRoot, "tests", "ChaosPS.Core.Tests", "Recordings", "manifests")))
                File.WriteAllBytes(Path.Combine(_folder.FullName, side, Path.GetFileName(file)), File.ReadAllBytes(file));
        }
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Delete(recursive: true);
    }

    private string State => Path.Combine(_folder.FullName, "state");

    /// <summary>Changes of all three cmdlets, several in one file.</summary>
    private void Change() => _engine.Invoke($$"""
        $to = @{ StatePath = '{{State}}' }
        $path = '{{Path.Combine(_folder.FullName, After)}}'
        $undo = @(Set-WorkloadReplica searchapi -Namespace contactsapp -Replicas 2 -Path $path @to)
        $undo += Add-PodAntiAffinity searchapi, resourcesapi -Namespace contactsapp -Path $path @to
        $undo += Add-PodAntiAffinity db -LabelKey x -Path $path @to
        $undo += Get-ResilienceFix search-indexer, fastevict, db -Path $path -Survive NodeLoss, Drain -WarningAction Ignore | Update-Workload @to
        """);

    [Fact]
    public void Only_the_lines_that_were_meant_differ()
    {
        Change();

        var golden = File.ReadAllText(Path.Combine(Places.RepositoryRoot, "tests", "ChaosPS.Commands.Tests", "Golden", "recorded-manifests.diff"));
        if (GitDiff() is { } diff) Assert.Equal(golden, diff);
        else Assert.Equal(Lines(golden), OwnDiff()); // this machine has no git
    }

    [Fact]
    public void Changes_of_one_file_are_put_back_together_the_last_one_first()
    {
        Change();

        var restored = _engine.Invoke("$undo | Restore-ChaosRun -Confirm:$false");

        Assert.All(restored.SelectMany(static it => (IEnumerable<string>)it.Properties["Steps"].Value), static step => Assert.Contains("byte for byte", step, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(Path.Combine(_folder.FullName, Before)))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder.FullName, After, Path.GetFileName(file))));
    }

    /// <summary>Without the hashes; null where there is no git.</summary>
    private string? GitDiff()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-c", "core.autocrlf=false", "diff", "--no-index", "--no-color", "--no-ext-diff", Before, After])
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
            })!;
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return string.Concat(output.Split('\n').Where(static line => !line.StartsWith("index ", StringComparison.Ordinal)).Select(static line => line + "\n"))[..^1];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The changed lines of a diff.</summary>
    private static string[] Lines(string diff) =>
        [.. diff.Split('\n').Where(static line => line.Length > 0 && line[0] is '+' or '-' && !line.StartsWith("+++", StringComparison.Ordinal) && !line.StartsWith("---", StringComparison.Ordinal))];

    /// <summary>The changed lines. A changed line comes before what is added behind it, and no added line is the same as the next that stays.</summary>
    private string[] OwnDiff()
    {
        List<string> changed = [];
        foreach (var file in Directory.GetFiles(Path.Combine(_folder.FullName, Before)).Order(StringComparer.Ordinal))
        {
            var (old, now) = (File.ReadAllLines(file), File.ReadAllLines(Path.Combine(_folder.FullName, After, Path.GetFileName(file))));
            for (int i = 0, j = 0; j < now.Length; j++)
            {
                if (i < old.Length && old[i] == now[j]) i++;
                else if (i + 1 < old.Length && j + 1 < now.Length && old[i + 1] == now[j + 1]) changed.AddRange([$"-{old[i++]}", $"+{now[j]}"]);
                else changed.Add($"+{now[j]}");
            }
        }

        return [.. changed];
    }
}
