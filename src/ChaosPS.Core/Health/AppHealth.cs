using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Health;

/// <summary>Asks the application how it is.</summary>
public static class AppHealth
{
    /// <summary>The endpoints that the cluster's Ingresses publish, named after their services.</summary>
    public static async Task<IReadOnlyList<AppEndpoint>> GetEndpointsAsync(
        ChaosConnection connection, string? @namespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var paths = await connection.Cluster.GetIngressPathsAsync(@namespace, cancellationToken);
        return [.. paths.Select(path => new AppEndpoint(path.ServiceName, path.Uri))];
    }

    /// <summary>Sends one GET to an endpoint. Never throws for what the application does: a refusal, a time-out or a wrong status is the result.</summary>
    /// <param name="connection">Sends the request, on its clock.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="tolerance">The statuses that count as healthy.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public static Task<AppHealthResult> TestAsync(
        ChaosConnection connection, AppEndpoint endpoint, IReadOnlyList<int> tolerance, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return TestAsync(connection.Http, connection.Time, endpoint, tolerance, timeout, cancellationToken);
    }

    /// <summary>The same without a cluster.</summary>
    /// <param name="http">Sends the request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="tolerance">The statuses that count as healthy.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public static async Task<AppHealthResult> TestAsync(
        HttpMessageInvoker http, TimeProvider time, AppEndpoint endpoint, IReadOnlyList<int> tolerance, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(tolerance);
        var at = time.GetUtcNow();
        var start = time.GetTimestamp();
        int? status = null;
        string reason;
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Uri);
            using var response = await http.SendAsync(request, both.Token);
            status = (int)response.StatusCode;
            reason = tolerance.Contains(status.Value) ? "OK" : $"expected {string.Join(" or ", tolerance)}, got {status}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = $"no answer within {Text.Seconds(timeout)}";
        }
        catch (HttpRequestException exception)
        {
            reason = exception.Message;
        }

        return new AppHealthResult
        {
            Name = endpoint.Name,
            Uri = endpoint.Uri,
            StatusCode = status,
            Latency = time.GetElapsedTime(start),
            Tolerance = tolerance,
            Healthy = status is { } code && tolerance.Contains(code),
            Reason = reason,
            At = at,
        };
    }
}
