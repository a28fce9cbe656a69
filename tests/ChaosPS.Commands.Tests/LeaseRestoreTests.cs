using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What a run of another machine left is known by its Lease alone, and is put back when somebody has said so.</summary>
public sealed class LeaseRestoreTests : IDisposable
{
    private readonly Engine _engine = Engine.WithSandbox();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-test-");

    // The record as Get-ChaosRun -Lease gives it.
    public LeaseRestoreTests() => _engine.Invoke($$"""
        $node = Stop-ClusterNode *000000 -PassThru -StatePath '{{_folder.FullName}}'
        $run = Get-ChaosRun -StatePath '{{_folder.FullName}}'
        [ChaosPS.Safety.RecordedRun].GetProperty('MachineName').SetValue($run, 'laptop')
        [ChaosPS.Safety.RecordedRun].GetProperty('FromLease').SetValue($run, $true)
        """);

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Where_nobody_can_be_asked_it_is_an_error_that_names_the_machine()
    {
        var result = _engine.Run("$run | Restore-ChaosRun");

        var error = Assert.Single(result.Errors);
        Assert.Equal("LeaseUnconfirmed,ChaosPS.Commands.RestoreChaosRunCommand", error.FullyQualifiedErrorId);
        Assert.Contains("laptop has written it", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 0)]
    public void It_asks_naming_the_machine_and_what_is_put_back(int choice, int restored)
    {
        _engine.Host.Choice = choice;

        var output = _engine.Invoke("$run | Restore-ChaosRun");

        Assert.Contains("ran on the machine 'laptop'", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Contains("PowerOff aks-nodepool1-36421985-vmss000000", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal(restored, output.Count);
    }

    [Theory]
    [InlineData("-Force", 1)]
    [InlineData("-Force -WhatIf", 0)]
    public void Force_asks_nothing_and_does_not_beat_WhatIf(string how, int restored) =>
        Assert.Equal(restored, _engine.Invoke($"$run | Restore-ChaosRun {how}").Count);
}
