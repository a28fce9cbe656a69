using System.Reflection;
using System.Text.RegularExpressions;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;

namespace ChaosPS.Tests.Azure;

/// <summary>Every error that speaks of Azure says of which subscription, tenant and cloud: all that there are, so that a new one fails until it does.</summary>
public sealed partial class AzureErrorTests
{
    private const string Subscription = "6e0a63cf-54c1-4d4f-9c0b-3f6d2a8b7c10";
    private const string Tenant = "2f8d1b7e-93a4-4b52-8f6d-0c5e7a9b4d31";
    private const string Machine = $"/subscriptions/{Subscription}/resourceGroups/MC_a/providers/Microsoft.Compute/virtualMachineScaleSets/aks-vmss/virtualMachines/0";

    private static readonly AzureScope s_scope = new(Subscription, "AzureChinaCloud", Tenant);

    /// <summary>Those that have a word of Azure in them, and nothing there to name.</summary>
    private static readonly Dictionary<string, string> s_placeless = new()
    {
        ["NotInAzure"] = "the cluster is none of Azure, so it has none of the three",
        ["DeallocateShutsDown"] = "two parameters exclude each other, which is said before a cluster is looked for",
        ["NoMachineBehindNode"] = "the node is no machine of Azure: its providerID, which is shown, names none of the three",
    };

    private static readonly MethodInfo[] s_all =
        [.. typeof(ChaosErrors).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(static method => method.ReturnType == typeof(ChaosException))];

    /// <summary>Those that take where in Azure they happen, and those whose words are about it.</summary>
    private static readonly string[] s_ofAzure =
        [.. s_all.Where(static method => IsPlaced(method) || Words().IsMatch(Make(method)?.Message ?? "")).Select(static method => method.Name)];

    public static TheoryData<string> OfAzure => [.. s_ofAzure];

    [Theory]
    [MemberData(nameof(OfAzure))]
    public void An_error_about_azure_names_subscription_tenant_and_cloud(string name)
    {
        var error = Make(s_all.Single(method => method.Name == name));

        Assert.NotNull(error);
        Assert.Equal(!s_placeless.ContainsKey(name), error.Message.Contains(Subscription, StringComparison.Ordinal) && error.Message.Contains($", tenant {Tenant}, AzureChinaCloud", StringComparison.Ordinal));
    }

    [Fact]
    public void Those_that_name_none_are_about_azure_still() => Assert.Empty(s_placeless.Keys.Except(s_ofAzure));

    [Fact]
    public void What_is_not_known_is_called_unknown_and_nothing_is_said_where_all_is()
    {
        Assert.Equal("", new AzureScope(null, null, null).Aside);
        Assert.Equal($" (subscription {Subscription}, an unknown tenant, an unknown cloud)", new AzureScope(Subscription, null, null).Aside);
        Assert.Equal($" (an unknown subscription, tenant {Tenant}, an unknown cloud)", new AzureScope(null, null, Tenant).Aside);
    }

    [Fact]
    public void Those_that_no_value_can_be_made_for_here_are_about_other_things() =>
        Assert.DoesNotContain(s_all, static method => Make(method) is null && Names().IsMatch(method.Name));

    private static bool IsPlaced(MethodInfo method) => method.GetParameters().Any(static parameter => Placed(parameter) is not null);

    /// <summary>What a caller says of where in Azure: a scope, or words that end in one, as those of a call, of a machine in full and of a place do.</summary>
    private static object? Placed(ParameterInfo parameter) => (parameter.ParameterType == typeof(AzureScope), parameter.Name) switch
    {
        (true, _) => s_scope,
        (_, "missing") when parameter.ParameterType == typeof(IEnumerable<string>) => new[] { $"no role allows x on {s_scope.Of(Machine)}" },
        _ when parameter.ParameterType != typeof(string) => null,
        (_, "call") when !parameter.Member.Name.StartsWith("Cluster", StringComparison.Ordinal) => $"power off instance 'aks-vmss_0' in {s_scope}",
        (_, "fullName") => s_scope.Of(Machine),
        (_, "place") => $" in {s_scope}",
        _ => null,
    };

    /// <summary>The error with values of some sort; null where none can be made, which is so for those about objects of the cluster.</summary>
    private static ChaosException? Make(MethodInfo method)
    {
        var values = method.GetParameters().Select(static parameter => Placed(parameter) ?? Value(parameter)).ToArray();
        return Array.TrueForAll(values, static value => value is not Unmade) ? (ChaosException)method.Invoke(null, [.. values.Select(static value => value is Absent ? null : value)])! : null;
    }

    private static object Value(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type switch
        {
            _ when type == typeof(string) => parameter.Name == "resourceId" ? Machine : "x",
            _ when type.IsAssignableFrom(typeof(string[])) => new[] { "x" },
            _ when type == typeof((string, string)[]) || type.IsAssignableFrom(typeof((string, string)[])) => new[] { ("AzureCli", "x") },
            _ when type == typeof(ClusterNode) => new ClusterNode { Name = "x", Cluster = new ClusterIdentity("x", "x", "x") },
            _ when type == typeof(MachineOutput) => new MachineOutput("x", "x", "x"),
            _ when type == typeof(Uri) => new Uri("https://x.invalid/"),
            _ when type == typeof(Exception) => new InvalidOperationException("x"),
            _ when type == typeof(ChaosException) => ChaosErrors.NoSandbox(),
            { IsValueType: true } => Activator.CreateInstance(type)!,
            _ when parameter.HasDefaultValue => default(Absent),
            _ => default(Unmade),
        };
    }

    [GeneratedRegex("(?i)azure|subscription|scale set|virtual machine|\\binstances?\\b|deallocat", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex("Azure|Machine|Instance|ScaleSet|Power[A-RT-Z]|Subscription", RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    private readonly struct Unmade;

    private readonly struct Absent;
}
