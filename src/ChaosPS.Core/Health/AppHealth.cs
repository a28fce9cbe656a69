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
    public static async Task<AppHealthResult> TestAsync(
        ChaosConnection connection, AppEndpoint endpoint, IReadOnlyList<int> tolerance, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(tolerance);
        var at = connection.Time.GetUtcNow();
        var start = connection.Time.GetTimestamp();
        int? status = null;
        string reason;
        using var limit = new CancellationTokenSource(timeout, connection.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Uri);
            using var response = await connection.Http.SendAsync(request, both.Token);
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
            Latency = connection.Time.GetElapsedTime(start),
            Tolerance = tolerance,
            Healthy = status is { } code && tolerance.Contains(code),
            Reason = reason,
            At = at,
        };
    }
}
