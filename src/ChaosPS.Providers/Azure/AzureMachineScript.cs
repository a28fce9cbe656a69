using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Azure;

/// <summary>A script inside a machine that ARM has accepted to run: over when ARM says so, with what it has written.</summary>
/// <param name="call">The call in words.</param>
/// <param name="progress">Asks ARM.</param>
/// <param name="time">The clock.</param>
internal sealed class AzureMachineScript(AzureCall call, ArmProgress progress, TimeProvider time) : IMachineScript
{
    private const string OutputMark = "[stdout]";
    private const string ErrorMark = "[stderr]";

    /// <inheritdoc/>
    public async Task<MachineOutput> WaitAsync(CancellationToken cancellationToken)
    {
        if (await ArmFollower.FollowAsync(call, progress, time, cancellationToken, ChaosErrors.MachineScriptFailed) is { } lost) throw ChaosErrors.MachineScriptLost(call.Words, lost);
        return await AzureFailure.TranslateAsync(call, async () => Read(await progress.GetResultAsync(cancellationToken)), cancellationToken);
    }

    /// <summary>Reads the result: a list of statuses, either one with both streams in its message, or one for each stream.</summary>
    /// <remarks>
    /// <c>Enable succeeded: [stdout] … [stderr] …</c> is what the extension for Linux says, <c>Enable failed: … exit status=1 [stdout] …</c> of a script that
    /// fails: Azure calls both succeeded. In the status document of the operation the list stands in <c>properties.output</c>.
    /// </remarks>
    internal static MachineOutput Read(BinaryData body)
    {
        using var document = JsonDocument.Parse(body.ToMemory());
        string output = "", error = "", message = "";
        foreach (var status in List(document.RootElement))
        {
            var (code, text) = (Text(status, "code"), Text(status, "message"));
            var begin = text.IndexOf(OutputMark, StringComparison.Ordinal);
            var end = text.IndexOf(ErrorMark, StringComparison.Ordinal);
            if (code.Contains("/StdOut/", StringComparison.OrdinalIgnoreCase))
            {
                output += text;
            }
            else if (code.Contains("/StdErr/", StringComparison.OrdinalIgnoreCase))
            {
                error += text;
            }
            else if (begin >= 0 && end > begin)
            {
                message += text[..begin];
                output += text[(begin + OutputMark.Length)..end];
                error += text[(end + ErrorMark.Length)..];
            }
            else
            {
                message += text;
            }
        }

        return new MachineOutput(output.Trim(), error.Trim(), message.Trim());
    }

    private static JsonElement.ArrayEnumerator List(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("properties", out var properties)
            && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("output", out var output))
        {
            root = output;
        }

        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw new JsonException("it has no list of statuses");
    }

    private static string Text(JsonElement status, string name) =>
        status.ValueKind == JsonValueKind.Object && status.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
