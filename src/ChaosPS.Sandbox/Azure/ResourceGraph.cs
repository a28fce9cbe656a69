using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kql;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Azure Resource Graph: one table, <c>Resources</c>, with scale sets, virtual machines and the AKS cluster in it.</summary>
/// <remarks>Source: https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources .</remarks>
internal static class ResourceGraph
{
    private const int LargestPage = 1000;

    private static readonly string[] s_columns =
    [
        "id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku", "plan", "properties", "tags", "identity",
        "zones", "extendedLocation",
    ];

    /// <summary>Answers a query.</summary>
    /// <exception cref="ArmException">The request or its query cannot be read.</exception>
    public static FaceResponse Answer(FaceRequest request, SandboxCluster cluster, ClusterSimulation simulation, ManagedCluster aks, ArmPages pages)
    {
        var body = Read(request);
        var subscription = cluster.Source.SubscriptionId;
        if (body["subscriptions"] is JsonArray { Count: > 0 } subscriptions && !subscriptions.Any(id => subscription.Equals(id?.ToString(), StringComparison.OrdinalIgnoreCase)))
        {
            throw BadRequest("There must be at least one subscription that is eligible to contain resources.", "NoValidSubscriptionsInQueryRequest");
        }

        var text = body["query"] is JsonValue query && query.GetValueKind() == JsonValueKind.String ? query.GetValue<string>() : throw BadRequest("The request has no query.", "InvalidQuery");
        JsonObject[] table =
        [
            .. cluster.Source.ScaleSets.Select(set => ScaleSetWriter.WriteRow(set, cluster.InstancesOf(set, simulation).Count, cluster.Source.TenantId, cluster.Ids)),
            .. cluster.VirtualMachines(simulation).Select(found => VirtualMachineWriter.WriteRow(
                found.Machine, found.Node, cluster.Source.FlexibleSetOf(found.Node), cluster.Source.TenantId, cluster.Ids)),
            .. aks.IsGone ? [] : (JsonObject[])[aks.WriteRow(simulation)],
        ];
        IReadOnlyList<JsonObject> rows;
        try
        {
            rows = KqlParser.Parse(text, "Resources", s_columns).Run(table, cluster.QueryChance);
        }
        catch (KqlException exception)
        {
            throw Unreadable(exception);
        }

        var options = body["options"] as JsonObject ?? [];
        var skip = Number(options, "$skip") ?? Number(options, "$skipToken") ?? 0;
        JsonObject[] page = [.. rows.Skip(skip).Take(pages.Size(Math.Clamp(Number(options, "$top") ?? LargestPage, 1, LargestPage)))];
        var answer = new JsonObject
        {
            ["totalRecords"] = rows.Count,
            ["count"] = page.Length,
            ["data"] = options["resultFormat"]?.ToString() == "table" ? Table(page) : new JsonArray([.. page.Select(row => row.DeepClone())]),
            ["facets"] = new JsonArray(),
            ["resultTruncated"] = "false",
        };
        if (skip + page.Length < rows.Count) answer["$skipToken"] = (skip + page.Length).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return FaceResponse.Json(HttpStatusCode.OK, answer).With("x-ms-user-quota-remaining", "14").With("x-ms-user-quota-resets-after", "00:00:05");
    }

    private static JsonObject Read(FaceRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject ?? throw BadRequest("The request is no JSON object.", "InvalidRequestContent");
        }
        catch (JsonException exception)
        {
            throw BadRequest($"The request is no JSON: {exception.Message}", "InvalidRequestContent");
        }
    }

    private static int? Number(JsonObject options, string name) =>
        options[name] is { } value && int.TryParse(value.ToString(), out var number) && number >= 0 ? number : null;

    /// <summary>The older format of results: columns and rows apart.</summary>
    private static JsonObject Table(JsonObject[] rows)
    {
        var names = rows is [var first, ..] ? first.Select(member => member.Key).ToArray() : [];
        return new JsonObject
        {
            ["columns"] = new JsonArray([.. names.Select(name => new JsonObject { ["name"] = name, ["type"] = rows[0][name] is JsonObject or JsonArray ? "object" : "string" })]),
            ["rows"] = new JsonArray([.. rows.Select(row => new JsonArray([.. names.Select(name => row[name]?.DeepClone())]))]),
        };
    }

    private static ArmException Unreadable(KqlException exception)
    {
        var token = exception.Token;
        var message = $"The query is invalid at line {token.Line}, column {token.Column}: {exception.Message}";
        return new ArmException(
            HttpStatusCode.BadRequest, "BadRequest", message,
            new JsonObject { ["code"] = "InvalidQuery", ["message"] = "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying." },
            new JsonObject { ["code"] = "ParserFailure", ["message"] = exception.Message, ["line"] = token.Line, ["characterPositionInLine"] = token.Column, ["token"] = token.Text });
    }

    private static ArmException BadRequest(string message, string detail) => new(
        HttpStatusCode.BadRequest, "BadRequest", message, new JsonObject { ["code"] = detail, ["message"] = message });
}
