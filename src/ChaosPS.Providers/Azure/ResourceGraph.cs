using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Azure;

/// <summary>Azure Resource Graph, asked through the ARM client's own pipeline.</summary>
/// <remarks>Source: https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources . Answers may be minutes old.</remarks>
internal sealed class ResourceGraph(Arm arm, string subscriptionId)
    : ArmPipeline(arm.Client, new ResourceIdentifier($"/subscriptions/{subscriptionId}"))
{
    private const string Path = "/providers/Microsoft.ResourceGraph/resources";
    private const string ApiVersion = "2022-10-01";

    /// <summary>The resources of a type that match a filter, in the order of their ids.</summary>
    public async Task<IReadOnlyList<AzureResource>> FindAsync(
        IReadOnlyList<string> subscriptions, string type, string? filter, CancellationToken cancellationToken)
    {
        var call = arm.Call($"find resources of type {type}", $"{type}/read", subscriptions);
        var query = $"Resources | where type =~ '{type.ToLowerInvariant()}'" + (filter is null ? "" : $" | {filter}");
        var found = new List<AzureResource>();
        string? next = null;
        do
        {
            using var page = await AzureFailure.TranslateAsync(call, () => AskAsync(subscriptions, query, filter, next, cancellationToken), cancellationToken);
            if (!page.RootElement.TryGetProperty("data", out var rows) || rows.ValueKind != JsonValueKind.Array)
            {
                throw ChaosErrors.AzureAnswerInvalid(call.Words, "it has no list of resources");
            }

            found.AddRange(rows.EnumerateArray().Select(row => Read(row, filter, Scope(subscriptions))));
            next = page.RootElement.TryGetProperty("$skipToken", out var token) ? token.GetString() : null;
        }
        while (!string.IsNullOrEmpty(next));

        return [.. found.DistinctBy(static resource => resource.ResourceId, StringComparer.OrdinalIgnoreCase).OrderBy(static resource => resource.ResourceId, StringComparer.OrdinalIgnoreCase)];
    }

    private AzureScope Scope(IReadOnlyList<string> subscriptions) => arm.ScopeOf(string.Join(", ", subscriptions));

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

        var answer = await SendAsync(RequestMethod.Post, (Path, ApiVersion), BinaryData.FromString(body.ToJsonString()), cancellationToken);
        if (answer.IsError)
        {
            var failure = new RequestFailedException(answer);
            if (failure.Status == 400 && filter is not null) throw ChaosErrors.FilterInvalid(filter, Scope(subscriptions), AzureFailure.Reason(failure).Message, failure);
            throw failure;
        }

        return JsonDocument.Parse(answer.Content.ToMemory());
    }

    /// <summary>The id is enough: a filter that projects other columns away keeps working as long as it keeps this one.</summary>
    private static AzureResource Read(JsonElement row, string? filter, AzureScope scope)
    {
        if (!ResourceIdentifier.TryParse(Text("id"), out var id) || id is null)
        {
            throw ChaosErrors.FilterInvalid(filter ?? "", scope, "its result has no column 'id', which says which resource is meant");
        }

        return new AzureResource(
            id.ToString(), id.Name, id.ResourceGroupName ?? "", id.SubscriptionId ?? "", Text("location") ?? "", JsonObject.Create(row.Clone())!);

        string? Text(string column) =>
            row.ValueKind == JsonValueKind.Object && row.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
