using System.Text.RegularExpressions;
using ChaosPS.Azure;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Tests.Azure;

public sealed class AzureRightsTests
{
    private const string PowerOff = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action";

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*/read", "", false)]
    [InlineData("Microsoft.Compute/*", "", true)]
    [InlineData("microsoft.compute/VIRTUALMACHINESCALESETS/*/ACTION", "", true)]
    [InlineData("Microsoft.Compute/virtualMachineScaleSets/virtualMachines/*/action", "", true)]
    [InlineData("Microsoft.Compute/virtualMachines/*", "", false)]
    [InlineData("Microsoft.Compute/*", "Microsoft.Compute/virtualMachineScaleSets/*", false)]
    [InlineData("*", "*/powerOff/action", false)]
    [InlineData("*", "*/delete", true)]
    [InlineData("", "", false)]
    public void A_role_allows_what_its_actions_cover_and_its_not_actions_do_not(string action, string notAction, bool allowed) =>
        Assert.Equal(allowed, new AzureRights([action], notAction.Length == 0 ? [] : [notAction]).Covers(PowerOff));

    /// <summary>An asterisk stands for anything, as in a regular expression <c>.*</c> does.</summary>
    [Property]
    public Property Asterisks_stand_for_anything() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements('a', 'B', '/', '*')).ToArbitrary(), Gen.ArrayOf(Gen.Elements('a', 'b', 'A', '/')).ToArbitrary(),
        static (pattern, action) => new AzureRights([new string(pattern)], []).Covers(new string(action))
            == Regex.IsMatch(new string(action), $"^{Regex.Escape(new string(pattern)).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase));

    [Theory]
    [InlineData("o1", "", false, true)] // named
    [InlineData(AzureDenyAssignment.Everyone, "", false, true)]
    [InlineData(AzureDenyAssignment.Everyone, "o1", false, false)] // excepted, as AKS excepts itself
    [InlineData(AzureDenyAssignment.Everyone, "g1", true, null)] // perhaps excepted by a group
    [InlineData("g1", "", true, null)]
    [InlineData("o2", "", false, false)]
    public void A_deny_assignment_is_for_whom_it_names(string principal, string excluded, bool groups, bool? isFor) => Assert.Equal(
        isFor, new AzureDenyAssignment("d", "/", [], [principal], excluded.Length == 0 ? [] : [excluded], false, groups).IsFor("o1"));

    [Fact]
    public void A_deny_assignment_may_be_for_its_scope_only()
    {
        var only = new AzureDenyAssignment("d", "/subscriptions/s/resourceGroups/g", [new(["*"], ["*/read"])], [], [], OnlyThere: true, HasGroups: false);
        Assert.False(only.Denies(PowerOff, "/subscriptions/s/resourceGroups/g/providers/x"));
        Assert.True(only.Denies(PowerOff, "/subscriptions/s/resourcegroups/G"));
        Assert.True((only with { OnlyThere = false }).Denies(PowerOff, "/subscriptions/s/resourceGroups/g/providers/x"));
        Assert.False((only with { OnlyThere = false }).Denies("Microsoft.Compute/virtualMachines/read", "/any"));
    }

    [Theory]
    [InlineData("Standard_D4s_v3", "standardDSv3Family")]
    [InlineData("Standard_D4ds_v5", "standardDDSv5Family")]
    [InlineData("Standard_DS2_v2", "standardDSv2Family")]
    [InlineData("Standard_D2_v3", "standardDv3Family")]
    [InlineData("Standard_E4-2ds_v5", "standardEDSv5Family")]
    [InlineData("Standard_B2ms", "standardBSFamily")]
    [InlineData("Standard_NC6s_v3", "standardNCSv3Family")]
    [InlineData("huge", null)]
    public void A_size_counts_in_the_quota_of_its_family(string size, string? family) => Assert.Equal(family, MachineFamily.Of(size));
}
