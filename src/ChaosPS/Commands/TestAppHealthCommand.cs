using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Health;
using ChaosPS.Ports;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Sends one GET to each endpoint of the application and says whether it is healthy: given addresses, or those that the Ingresses publish.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AppHealth", DefaultParameterSetName = IngressSet)]
[OutputType(typeof(AppHealthResult))]
public sealed class TestAppHealthCommand : ClusterCommand
{
    private const string IngressSet = "Ingress";
    private const string UriSet = "Uri";

    /// <summary>Absolute http or https addresses.</summary>
    [Parameter(ParameterSetName = UriSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Url")]
    [ValidateNotNullOrEmpty]
    public Uri[]? Uri { get; set; }

    /// <summary>The namespace whose Ingresses are asked; all when it is left out.</summary>
    [Parameter(ParameterSetName = IngressSet)]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>The HTTP statuses that count as healthy.</summary>
    [Parameter]
    [ValidateRange(100, 599)]
    public int[] Tolerance { get; set; } = [200];

    /// <summary>How long to wait for each answer: <c>500ms</c>, <c>2s</c>, or a number of seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var result in Uri is null ? Run(TestIngressesAsync) : TestUris(Uri)) WriteObject(result);
    }

    // Addresses need no cluster: without a chosen connection they are simply asked. A sandbox answers for its own.
    private IReadOnlyList<AppHealthResult> TestUris(Uri[] uris)
    {
        var connection = Session.Current.Connection;
        var (http, time) = connection is null ? (Composer.Composition.Http, TimeProvider.System) : (connection.Http, connection.Time);
        return Run(time, (_, stop) => TestAsync(http, time, [.. uris.Select(Endpoint)], stop));
    }

    private async Task<IReadOnlyList<AppHealthResult>> TestIngressesAsync(ChaosConnection connection, CommandSink log, CancellationToken stop)
    {
        var endpoints = await AppHealth.GetEndpointsAsync(connection, Namespace, stop);
        if (endpoints.Count == 0) log.Write(ChaosLogLevel.Warning, $"No Ingress of {connection.Name} publishes a path: name the addresses with -Uri.");
        return await TestAsync(connection.Http, connection.Time, endpoints, stop);
    }

    private async Task<IReadOnlyList<AppHealthResult>> TestAsync(
        HttpMessageInvoker http, TimeProvider time, IReadOnlyList<AppEndpoint> endpoints, CancellationToken stop)
    {
        var results = new List<AppHealthResult>(endpoints.Count);
        foreach (var endpoint in endpoints) results.Add(await AppHealth.TestAsync(http, time, endpoint, Tolerance, Timeout, stop));
        return results;
    }

    private static AppEndpoint Endpoint(Uri uri) => uri is { IsAbsoluteUri: true, Scheme: "http" or "https" }
        ? new AppEndpoint(uri.ToString(), uri)
        : throw ChaosErrors.AppUriInvalid(uri.OriginalString);
}
