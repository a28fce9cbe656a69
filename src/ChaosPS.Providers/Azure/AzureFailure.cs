using System.Text.Json;
using Azure;
using Azure.Identity;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Azure;

/// <summary>Turns what the Azure SDK throws into <see cref="ChaosException"/>s: what, on which machine, why, what to do.</summary>
internal static class AzureFailure
{
    /// <summary>Runs a call and translates its failures. A cancellation by the caller stays one.</summary>
    public static async Task<T> TranslateAsync<T>(AzureCall call, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            if (Translate(call, exception) is { } translated) throw translated;
            throw;
        }
    }

    /// <summary>The error for an exception of the SDK; null when it is none of those.</summary>
    public static ChaosException? Translate(AzureCall call, Exception exception) => exception switch
    {
        RequestFailedException { Status: > 0 } failed => Refusal(call, failed).ToException(failed),
        AuthenticationFailedException => ChaosErrors.AzureAuthenticationFailed(call.Words, FirstLine(exception.Message), null, exception),
        RequestFailedException or HttpRequestException or IOException => ChaosErrors.AzureUnreachable(call.Words, Innermost(exception), exception),
        OperationCanceledException => ChaosErrors.AzureTimeout(call.Words, exception),
        AggregateException { InnerExceptions: [.., var last] } => Translate(call, last), // the SDK gave up retrying
        ForeignHostException => ChaosErrors.AzureAddressForeign(call.Words, exception.Message),
        JsonException or FormatException => ChaosErrors.AzureAnswerInvalid(call.Words, FirstLine(exception.Message), exception),
        _ => null,
    };

    /// <summary>ARM's code and message, from the body's <c>error</c>, or from the exception when the body has none.</summary>
    public static (string Code, string Message) Reason(RequestFailedException exception)
    {
        var (code, message) = exception.GetRawResponse()?.Content is { } content ? ReadError(content) : default;
        return (code ?? exception.ErrorCode ?? "no code", message ?? FirstLine(exception.Message));
    }

    /// <summary>The <c>error</c> object of a body, at its root or below; what is not there is null.</summary>
    public static (string? Code, string? Message) ReadError(BinaryData content)
    {
        try
        {
            using var document = JsonDocument.Parse(content.ToMemory());
            var error = document.RootElement;
            if (Property(error, "error") is { ValueKind: JsonValueKind.Object } inner) error = inner;
            var code = Property(error, "code") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
            var message = Property(error, "message") is { ValueKind: JsonValueKind.String } words ? words.GetString() : null;

            // Resource Graph says only "please provide below info"; what is wrong stands in the details.
            if (Property(error, "details") is { ValueKind: JsonValueKind.Array } details)
            {
                var more = details.EnumerateArray().Select(static detail => Property(detail, "message"))
                    .Where(static detail => detail is { ValueKind: JsonValueKind.String }).Select(static detail => AzureLimits.Describe(detail!.Value.GetString()!));
                message = string.Join(" ", new[] { message }.Concat(more).Where(static part => !string.IsNullOrWhiteSpace(part)));
            }

            return (code, string.IsNullOrWhiteSpace(message) ? null : message);
        }
        catch (JsonException)
        {
            return default; // a proxy's page, or nothing
        }
    }

    /// <summary>What ARM refused.</summary>
    public static AzureRefusal Refusal(AzureCall call, RequestFailedException exception)
    {
        var (code, message) = Reason(exception);
        if (exception.Status != 429 || exception.GetRawResponse() is not { } response) return new AzureRefusal(call, exception.Status, code, message);
        if (AzureLimits.Describe(response) is { } limits) message = $"{message.TrimEnd('.')}. {limits}";
        return new AzureRefusal(call, exception.Status, code, message, AzureLimits.Pause(response, TimeProvider.System));
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        return FirstLine(exception.Message);
    }
}
