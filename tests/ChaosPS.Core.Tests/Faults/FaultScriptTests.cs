using ChaosPS.Errors;
using ChaosPS.Faults;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Faults;

public sealed class FaultScriptTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    public static IEnumerable<FaultSpec> Specs =>
    [
        FaultSpec.Cpu(s_minute, 80),
        FaultSpec.Memory(s_minute, 90),
        FaultSpec.Disk(s_minute, 95, FaultSpec.KubeletPath),
        FaultSpec.DiskSize(s_minute, 1000, "/root/burn"),
        FaultSpec.DiskIO(s_minute, "/var/lib"),
        FaultSpec.Network(s_minute, 200, 50),
        FaultSpec.Kubelet(s_minute),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Specs.Count())];

    [Theory]
    [MemberData(nameof(Indices))]
    public void A_script_is_known_again_by_its_text(int index)
    {
        var script = new FaultScript("20261123T090000-0a1b2c3d-1", Specs.ElementAt(index));

        Assert.Equal(script, FaultScript.Parse(script.Text));
        Assert.Equal(script, FaultScript.Parse(script.Text.TrimEnd('\n').ReplaceLineEndings("\r\n")));
    }

    [Fact]
    public void The_script_that_ends_a_fault_is_known_again() =>
        Assert.Equal(new FaultScript("x-1", null), FaultScript.Parse(new FaultScript("x-1", null).Text));

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\necho hello")]
    [InlineData("#!/bin/sh\nfault_id='x'\n\nrm -rf /")]
    [InlineData("#!/bin/sh\nfault_id='x'\nfault='cpu'\n\n")]
    [InlineData("#!/bin/sh\nfault_id='x'\nfault='flood'\nseconds='1'\n\n")]
    public void A_script_of_anybody_else_is_not_taken_for_ours(string text) => Assert.Null(FaultScript.Parse(text));

    [Theory]
    [MemberData(nameof(Indices))]
    public void A_script_that_was_changed_in_one_line_is_not_taken_for_ours(int index)
    {
        var lines = new FaultScript("x-1", Specs.ElementAt(index)).Text.TrimEnd('\n').Split('\n');

        for (var at = 0; at < lines.Length; at++)
        {
            string[] changed = [.. lines];
            changed[at] += "; reboot";
            Assert.Null(FaultScript.Parse(string.Join('\n', changed)));
        }
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/a b")]
    [InlineData("/a';reboot;'")]
    [InlineData("/$(reboot)")]
    [InlineData("/`reboot`")]
    [InlineData("/a/../etc")]
    [InlineData("/a\n/b")]
    [InlineData("/END_OF_WORKER\n")]
    [InlineData("")]
    public void A_path_that_a_shell_could_take_for_more_is_refused(string path) =>
        Assert.Equal("FaultInvalid", Assert.Throws<ChaosException>(() => FaultSpec.DiskIO(s_minute, path)).ErrorId);

    [Property]
    public Property Whatever_the_path_nothing_of_it_leaves_its_quotes(string path) => Try(path).ToProperty();

    [Theory]
    [InlineData(0, 50)]
    [InlineData(-1, 50)]
    [InlineData(21601, 50)]
    [InlineData(60, 0)]
    [InlineData(60, 101)]
    public void A_value_out_of_range_is_refused_with_the_range(double seconds, int percent)
    {
        var error = Assert.Throws<ChaosException>(() => FaultSpec.Cpu(TimeSpan.FromSeconds(seconds), percent));

        Assert.Equal(("FaultInvalid", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.Contains("at least and", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_jitter_is_no_larger_than_its_delay() =>
        Assert.Equal("FaultInvalid", Assert.Throws<ChaosException>(() => FaultSpec.Network(s_minute, 100, 101)).ErrorId);

    [Fact]
    public void A_report_is_found_among_other_output()
    {
        var report = FaultReport.Find("hello\nchaosps id=b state=running at=1\nchaosps id=a state=over found=ended result=timeout at=1795424400\n", "a");

        Assert.Equal(new FaultReport("over", "ended", "timeout", DateTimeOffset.FromUnixTimeSeconds(1795424400)), report);
        Assert.Null(FaultReport.Find("chaosps id=a", "a"));
    }

    [Property]
    public Property Any_output_is_read(string output) => (FaultReport.Find(output ?? "", "a") is null || output!.Contains("id=a", StringComparison.Ordinal)).ToProperty();

    private static bool Try(string? path)
    {
        try
        {
            return FaultScript.Parse(new FaultScript("x-1", FaultSpec.DiskIO(s_minute, path ?? "")).Text)!.Fault!.Path == path;
        }
        catch (ChaosException)
        {
            return true;
        }
    }
}
