using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using ChaosPS.Providers.Azure.Identity;

namespace ChaosPS.Providers.Azure;

/// <summary>Makes ARM clients: one for Azure, one for an emulated Azure; both with our clock and without telemetry or logs.</summary>
internal static class ArmClients
{
    /// <summary>Every resource that is asked for names its own subscription.</summary>
    private const string? NoDefaultSubscription = null;

    /// <summary>For a cloud of Azure. Nothing is asked of anybody until the first call.</summary>
    public static ArmClient ForAzure(AzureCloud cloud, TokenCredential credential, TimeProvider time, HttpMessageHandler? handler = null)
    {
        var options = Options(time);
        options.Environment = cloud.Environment;
        if (handler is not null) options.Transport = Transport(handler);
        return new ArmClient(credential, NoDefaultSubscription, options);
    }

    /// <summary>For what answers behind a handler, with a token that is nobody's.</summary>
    public static ArmClient ForHandler(HttpMessageHandler handler, Uri endpoint, TimeProvider time)
    {
        var options = Options(time);
        options.Environment = new ArmEnvironment(endpoint, endpoint.ToString());
        options.Transport = Transport(handler);
        return new ArmClient(new FixedCredential(), NoDefaultSubscription, options);
    }

    /// <summary>A call to Azure, in words.</summary>
    /// <param name="client">The client, which knows the cloud.</param>
    /// <param name="what">What is asked for.</param>
    /// <param name="permission">What a role must allow.</param>
    /// <param name="scope">The resource id of what is called; null when it is none.</param>
    public static AzureCall Call(this ArmClient client, string what, string permission, string? scope = null) =>
        new(what, permission, scope) { Cloud = new ArmPipeline(client, ResourceIdentifier.Root).Cloud };

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

    private static ArmClientOptions Options(TimeProvider time)
    {
        var options = new ArmClientOptions { RetryPolicy = new ClockRetryPolicy(time) };
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
