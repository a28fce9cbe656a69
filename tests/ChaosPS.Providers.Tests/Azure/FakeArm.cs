using ChaosPS.Azure;
using ChaosPS.Errors;
using ChaosPS.Providers.Azure;

namespace ChaosPS.Providers.Tests.Azure;

/// <summary>A Resource Manager whose answers a test says, and who asks it.</summary>
internal static class FakeArm
{
    public const string Subscription = "00000000-0000-0000-0000-000000000001";
    public const string Tenant = "22222222-0000-0000-0000-000000000002";

    /// <summary>Where everything of it is, in the words of every message.</summary>
    public const string Place = $"subscription {Subscription}, tenant {Tenant}, arm.example.com";

    /// <summary>The way to it.</summary>
    public static Arm Of(HttpMessageHandler server, TimeProvider time, string cloud = "arm.example.com") => ArmClients.ForHandler(
        server, new Uri("https://arm.example.com/"), time, new AzureAccount("AzureCli", cloud, Tenant, null, null));

    /// <summary>Whatever went wrong, its message says where.</summary>
    public static ChaosException Located(ChaosException error)
    {
        Assert.Contains(Place, error.Message, StringComparison.Ordinal);
        return error;
    }
}
