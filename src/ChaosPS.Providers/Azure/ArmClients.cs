using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using ChaosPS.Azure;
using ChaosPS.Providers.Azure.Identity;

namespace ChaosPS.Providers.Azure;

/// <summary>Makes ARM clients: one for Azure, one for an emulated Azure; both with our clock and without telemetry or logs.</summary>
internal static class ArmClients
{
    /// <summary>Every resource that is asked for names its own subscription.</summary>
    private const string? NoDefaultSubscription = null;

    /// <summary>For a cloud of Azure. Nothing is asked of anybody until the first call.</summary>
    public static Arm ForAzure(AzureCloud cloud, AzureSignIn credential, TimeProvider time, HttpMessageHandler? handler = null)
    {
        var options = Options(cloud.Environment, time);
        if (handler is not null) options.Transport = Transport(handler);
        return new Arm(new ArmClient(credential, NoDefaultSubscription, options), cloud.Name, () => credential.TenantId);
    }

    /// <summary>For what answers behind a handler, with a token that is nobody's.</summary>
    /// <param name="handler">Answers.</param>
    /// <param name="endpoint">What it answers for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="account">Who is said to ask; null for nobody, in the cloud that the address is of.</param>
    public static Arm ForHandler(HttpMessageHandler handler, Uri endpoint, TimeProvider time, AzureAccount? account = null)
    {
        var options = Options(new ArmEnvironment(endpoint, endpoint.ToString()), time);
        options.Transport = Transport(handler);
        return new Arm(
            new ArmClient(new FixedCredential(), NoDefaultSubscription, options), account?.Cloud ?? AzureCloud.Of(null, endpoint, null).Name, () => account?.TenantId);
    }

    /// <summary>Sends through a handler, which outlives it.</summary>
    public static HttpClientTransport Transport(HttpMessageHandler handler) =>
        new(new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>Switches off telemetry, logs and tracing: what they write holds addresses and tokens.</summary>
    public static void Quiet(ClientOptions options)
    {
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
    }

    private static ArmClientOptions Options(ArmEnvironment environment, TimeProvider time)
    {
        var options = new ArmClientOptions { Environment = environment, RetryPolicy = new ClockRetryPolicy(time) };
        options.AddPolicy(new OwnHostPolicy(environment.Endpoint), HttpPipelinePosition.PerCall);
        Quiet(options);
        return options;
    }

    /// <summary>A token for an emulated Azure, which asks for one but not whose.</summary>
    private sealed class FixedCredential : TokenCredential
    {
        private static readonly AccessToken s_token = new("sandbox", DateTimeOffset.MaxValue);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => s_token;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(s_token);
    }
}
