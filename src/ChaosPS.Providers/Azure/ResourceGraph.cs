using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.ResourceManager;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Azure;

/// <summary>Azure Resource Graph, asked through the ARM client's own pipeline.</summary>
/// <remarks>Source: https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources . Answers may be minutes old.</remarks>
internal sealed class ResourceGraph(ArmClient client, string subscriptionId)
    : ArmResource(client, new ResourceIdentifier($"/subscriptions/{subscriptionId}"))
{
    private const string Path = "/providers/Microsoft.ResourceGraph/resources";
    private const string ApiVersion = "2022-10-01";

    private static readonly AzureCall s_call = new("find scale sets", "Microsoft.Compute/virtualMachineScaleSets/read");

    /// <summary>The scale sets that match a filter, in the order of their resource ids.</summary>
    public async Task<IReadOnlyList<ScaleSet>> FindScaleSetsAsync(
        IReadOnlyList<string> subscriptions, string? filter, CancellationToken cancellationToken)
    {
        var query = "Resources | where type =~ 'microsoft.compute/virtualmachinescalesets'" + (filter is null ? "" : $" | {filter}");
        var found = new List<ScaleSet>();
        string? next = null;
        do
        {
            using var page = await AzureFailure.TranslateAsync(s_call, () => AskAsync(subscriptions, query, filter, next, cancellationToken), cancellationToken);
            if (!page.RootElement.TryGetProperty("data", out var rows) || rows.ValueKind != JsonValueKind.Array)
            {
                throw ChaosErrors.AzureAnswerInvalid(s_call.Words, "it has no list of resources");
            }

            found.AddRange(rows.EnumerateArray().Select(row => Read(row, filter)));
            next = page.RootElement.TryGetProperty("$skipToken", out var token) ? token.GetString() : null;
        }
        while (!string.IsNullOrEmpty(next));

        return [.. found.DistinctBy(static set => set.ResourceId, StringComparer.OrdinalIgnoreCase).OrderBy(static set => set.ResourceId, StringComparer.OrdinalIgnoreCase)];
    }

    private async Task<JsonDocument> AskAsync(
        IReadOnlyList<string> subscriptions, string query, string? filter, string? next, CancellationToken cancellationToken)
    {
        var options = new JsonObject { ["resultFormat"] = "objectArray" };
        if (next is not null) options["$skipToken"] = next;
        var body = new JsonObject
        {
            ["subscriptions"] = new JsonArray([.. subscriptions.Select(id => (JsonNode)id)]),
            ["query"] = query,
            ["options"] = options,
        };

        using var message = Pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(Endpoint);
        message.Request.Uri.AppendPath(Path, escape: false);
        message.Request.Uri.AppendQuery("api-version", ApiVersion);
        message.Request.Headers.Add("Accept", "application/json");
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(BinaryData.FromString(body.ToJsonString()));
        await Pipeline.SendAsync(message, cancellationToken);
        if (message.Response.IsError)
        {
            var failure = new RequestFailedException(message.Response);
            if (failure.Status == 400 && filter is not null) throw ChaosErrors.FilterInvalid(filter, AzureFailure.Reason(failure).Message, failure);
            throw failure;
        }

        return JsonDocument.Parse(message.Response.Content.ToMemory());
    }

    /// <summary>The id is enough: a filter that projects other columns away keeps working as long as it keeps this one.</summary>
    private static ScaleSet Read(JsonElement row, string? filter)
    {
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty("id", out var id) || id.GetString() is not { } text)
        {
            throw ChaosErrors.FilterInvalid(filter ?? "", "its result has no column 'id', which says which scale set is meant");
        }

        var resource = new ResourceIdentifier(text);
        return new ScaleSet(
            text, resource.Name, resource.ResourceGroupName ?? "", resource.SubscriptionId ?? "",
            row.TryGetProperty("location", out var location) ? location.GetString() ?? "" : "");
    }
}
