using System.Text.Json;
using Azure;
using Azure.Core;

namespace ChaosPS.Providers.Azure;

/// <summary>How far an operation is that ARM has accepted, asked for in the way that ARM named: a document of its status, or its Location.</summary>
/// <remarks>
/// Source: https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations : of Azure-AsyncOperation and Location the first is asked; its
/// document has a status, of which Succeeded, Failed and Canceled are the ends; a Location answers 202 until it is done. The SDK's operation is not asked
/// because it takes any other answer, a 503 of a moment for one, for the operation's failure.
/// </remarks>
internal sealed class ArmProgress
{
    private readonly ArmPipeline _arm;
    private readonly bool _byStatus;
    private readonly Uri? _result;
    private Uri? _address;

    /// <summary>Begins to follow.</summary>
    /// <param name="arm">Sends the questions.</param>
    /// <param name="accepted">ARM's answer to the request for the operation.</param>
    /// <exception cref="FormatException">The address that it names is none.</exception>
    public ArmProgress(ArmPipeline arm, Response accepted)
    {
        _arm = arm;
        Last = accepted;
        _byStatus = accepted.Headers.TryGetValue("Azure-AsyncOperation", out var address);
        if (accepted.Headers.TryGetValue("Location", out var location)) _result = Address(location!);
        _address = _byStatus ? Address(address!) : _result;
    }

    /// <summary>ARM's last answer.</summary>
    public Response Last { get; private set; }

    /// <summary>Whether nothing is left to ask for.</summary>
    public bool IsDone => _address is null;

    /// <summary>Asks once.</summary>
    /// <returns>Null while it goes on, and when it is done; else how it ended.</returns>
    /// <exception cref="RequestFailedException">ARM did not answer the question; of the operation that says nothing.</exception>
    public async Task<BadEnd?> AskAsync(CancellationToken cancellationToken)
    {
        Last = await _arm.SendAsync(RequestMethod.Get, _address!, null, cancellationToken);
        if (Last.Status is 404 or 410) return End(new BadEnd(BadEnd.Lost, "NotFound", "", new RequestFailedException(Last)));
        if (!_byStatus && Last.Status is >= 400 and < 500 and not (401 or 403 or 408 or 429)) return End(Bad("Failed"));
        if (Last.IsError) throw new RequestFailedException(Last);
        if (_byStatus && Status() is { } status)
        {
            switch (status.ToUpperInvariant())
            {
                case "SUCCEEDED":
                    _address = null;
                    return null;
                case "FAILED" or "CANCELED" or "CANCELLED":
                    return End(Bad(status));
                default:
                    return null;
            }
        }

        if (Last.Status != 202) _address = null;
        else if (!_byStatus && Last.Headers.TryGetValue("Location", out var next)) _address = Address(next!);
        return null;
    }

    /// <summary>What the operation has resulted in, once it has succeeded: it stands in the status, or where the Location is.</summary>
    /// <exception cref="RequestFailedException">ARM did not tell it.</exception>
    public async Task<BinaryData> GetResultAsync(CancellationToken cancellationToken)
    {
        if (!_byStatus || _result is null || HasOutput()) return Last.Content;
        var answer = await _arm.SendAsync(RequestMethod.Get, _result, null, cancellationToken);
        return answer.IsError ? throw new RequestFailedException(answer) : answer.Content;
    }

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
        ? address
        : throw new FormatException($"it goes on at '{text}', which is no address");

    private bool HasOutput()
    {
        if (Last.ContentStream is not { Length: > 0 }) return false;
        using var document = JsonDocument.Parse(Last.Content.ToMemory());
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("properties", out var properties)
            && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("output", out _);
    }

    private BadEnd End(BadEnd end)
    {
        _address = null;
        return end;
    }

    private BadEnd Bad(string status)
    {
        var failure = new RequestFailedException(Last);
        var (code, message) = AzureFailure.Reason(failure);
        return new BadEnd(status, code, message, failure);
    }

    private string? Status()
    {
        if (Last.ContentStream is not { Length: > 0 }) return null;
        using var document = JsonDocument.Parse(Last.Content.ToMemory());
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("status", out var status)
            && status.ValueKind == JsonValueKind.String ? status.GetString() : null;
    }

    /// <summary>How an operation ended that did not succeed.</summary>
    /// <param name="Status">ARM's last word, such as Failed; <see cref="Lost"/> when ARM does not know the operation any more.</param>
    /// <param name="Code">ARM's code.</param>
    /// <param name="Message">ARM's words.</param>
    /// <param name="Answer">The answer.</param>
    internal sealed record BadEnd(string Status, string Code, string Message, RequestFailedException Answer)
    {
        /// <summary>The status of an operation that nobody knows.</summary>
        public const string Lost = "lost";

        /// <summary>Whether ARM does not know the operation any more.</summary>
        public bool IsLost => Status == Lost;
    }
}
