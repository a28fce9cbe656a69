using System.Diagnostics;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Providers.Sandboxes;

/// <summary>Finds a sandbox that another process serves, and makes it look like one in this process.</summary>
internal static class ServedSandbox
{
    private const string DescriptionPath = "/sandbox";

    /// <summary>How long a process of this machine may take to say what it is.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>How long a first look at the application may take.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    /// <summary>Asks what is served at an address.</summary>
    /// <exception cref="ChaosException">
    /// Ids <c>SandboxUriInvalid</c>, <c>SandboxUnreachable</c>, <c>SandboxNotServed</c> (something else answers there).
    /// </exception>
    public static async Task<ChaosSandbox> OpenAsync(Uri uri, CancellationToken cancellationToken)
    {
        // No sandbox asks who somebody is: what stands before the host has no use, and is not shown.
        if (!uri.IsAbsoluteUri) throw ChaosErrors.SandboxUriInvalid(uri.ToString());
        var address = new Uri(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        if (uri.Scheme != Uri.UriSchemeHttp || !uri.IsLoopback) throw ChaosErrors.SandboxUriInvalid(address.ToString());
        var network = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };

        // Its time is taken from a second answer: the first one takes as long as it takes this process to load what it needs.
        await DescribeAsync(address, network, cancellationToken);
        var asked = Stopwatch.GetTimestamp();
        var description = await DescribeAsync(address, network, cancellationToken);
        if (description.Speed is not { } speed || !RunningClock.IsSpeed(speed)) throw ChaosErrors.SandboxNotServed(address, "its time does not pass");
        var clock = new RunningClock(description.Now + (Stopwatch.GetElapsedTime(asked) / 2 * speed), speed);
        var sandbox = new ChaosSandbox(description, clock, new ServedSandboxHandler(address, description, clock, network)) { Uri = address };
        await WarmUpAsync(sandbox, cancellationToken);
        return sandbox;
    }

    /// <summary>
    /// Looks at the application once. What both processes load and compile for that would otherwise count, times the speed, against the time-out of the
    /// first probe.
    /// </summary>
    private static async Task WarmUpAsync(ChaosSandbox sandbox, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_warmUp, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var invoker = new HttpMessageInvoker(sandbox.Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, sandbox.ApplicationUri);
        try
        {
            using var response = await invoker.SendAsync(request, both.Token);
            await response.Content.ReadAsByteArrayAsync(both.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It may be down, or hang: that is for probes to find out.
        }
    }

    private static async Task<SandboxDescription> DescribeAsync(Uri address, HttpMessageHandler network, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var invoker = new HttpMessageInvoker(network, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, DescriptionPath));
        try
        {
            using var response = await invoker.SendAsync(request, both.Token);
            if (!response.IsSuccessStatusCode) throw ChaosErrors.SandboxNotServed(address, $"{DescriptionPath} is answered with {(int)response.StatusCode}");
            await using var body = await response.Content.ReadAsStreamAsync(both.Token);
            return await JsonSerializer.DeserializeAsync<SandboxDescription>(body, SandboxDescription.Json, both.Token)
                ?? throw ChaosErrors.SandboxNotServed(address, "it says nothing of itself");
        }
        catch (JsonException exception)
        {
            throw ChaosErrors.SandboxNotServed(address, $"{DescriptionPath} is no description of one", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw ChaosErrors.SandboxUnreachable(address, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw ChaosErrors.SandboxUnreachable(address, new TimeoutException($"no answer within {s_patience.TotalSeconds} s.", exception));
        }
    }
}
