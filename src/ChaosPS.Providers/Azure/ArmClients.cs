using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;

namespace ChaosPS.Providers.Azure;

/// <summary>Makes ARM clients: one for Azure, one for an emulated Azure; both with our clock and without telemetry or logs.</summary>
internal static class ArmClients
{
    /// <summary>Every resource that is asked for names its own subscription.</summary>
    private const string? NoDefaultSubscription = null;

    /// <summary>For Azure itself, with whatever identity this machine has. Nothing is asked of anybody until the first call.</summary>
    public static ArmClient ForAzure(TimeProvider time)
    {
        var options = new DefaultAzureCredentialOptions
        {
            ExcludeInteractiveBrowserCredential = true,
            ExcludeVisualStudioCredential = true,
            ExcludeVisualStudioCodeCredential = true,
            ExcludeBrokerCredential = true,
        };
        Quiet(options);
        return new ArmClient(new DefaultAzureCredential(options), NoDefaultSubscription, Options(time));
    }

    /// <summary>For what answers behind a handler, with a token that is nobody's.</summary>
    public static ArmClient ForHandler(HttpMessageHandler handler, Uri endpoint, TimeProvider time)
    {
        var options = Options(time);
        options.Environment = new ArmEnvironment(endpoint, endpoint.ToString());
        options.Transport = new HttpClientTransport(new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan });
        return new ArmClient(new FixedCredential(), NoDefaultSubscription, options);
    }

    private static ArmClientOptions Options(TimeProvider time)
    {
        var options = new ArmClientOptions { RetryPolicy = new ClockRetryPolicy(time) };
        Quiet(options);
        return options;
    }

    private static void Quiet(ClientOptions options)
    {
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
    }

    /// <summary>A token for an emulated Azure, which asks for one but not whose.</summary>
    private sealed class FixedCredential : TokenCredential
    {
        private static readonly AccessToken s_token = new("sandbox", DateTimeOffset.MaxValue);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => s_token;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(s_token);
    }
}
