using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;

namespace ChaosPS.Resilience;

/// <summary>Risks of manifests in SARIF 2.1.0, as code scanning of GitHub and Azure DevOps, and editors, read it.</summary>
/// <remarks>Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html .</remarks>
public static class SarifReport
{
    private const string Root = "%SRCROOT%";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a report to a file.</summary>
    /// <param name="risks">The risks; those without a place are told without one.</param>
    /// <param name="root">The folder that paths are written relative to: that of the repository.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="ChaosException">It cannot be written: id <c>FileUnwritable</c>.</exception>
    public static void Save(IReadOnlyList<ResilienceRisk> risks, string root, string path)
    {
        try
        {
            File.WriteAllText(path, Write(risks, root).ToJsonString(s_json) + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnwritable(path, exception);
        }
    }

    /// <summary>The report.</summary>
    /// <inheritdoc cref="Save"/>
    public static JsonObject Write(IReadOnlyList<ResilienceRisk> risks, string root)
    {
        ArgumentNullException.ThrowIfNull(risks);
        ArgumentNullException.ThrowIfNull(root);
        string[] codes = [.. RiskCodes.All.Keys];
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "ChaosPS",
                        ["semanticVersion"] = typeof(SarifReport).Assembly.GetName().Version!.ToString(3),
                        ["rules"] = new JsonArray([.. RiskCodes.All.Select(static code => new JsonObject { ["id"] = code.Key, ["shortDescription"] = Text(code.Value) })]),
                    },
                },
                ["columnKind"] = "utf16CodeUnits",
                ["originalUriBaseIds"] = new JsonObject { [Root] = new JsonObject { ["uri"] = UriOf(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar) } },
                ["results"] = new JsonArray([.. risks.Select(risk => Result(risk, root, Array.IndexOf(codes, risk.Code)))]),
            }),
        };
    }

    private static JsonObject Result(ResilienceRisk risk, string root, int rule)
    {
        var location = new JsonObject { ["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = risk.Object, ["kind"] = "resource" }) };
        if (risk.Path is not null)
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = Artifact(risk.Path, root),
                ["region"] = new JsonObject { ["startLine"] = risk.Line, ["startColumn"] = risk.Column },
            };
        }

        return new JsonObject
        {
            ["ruleId"] = risk.Code,
            ["ruleIndex"] = rule,
            ["level"] = risk.Severity switch { RiskSeverity.High => "error", RiskSeverity.Medium => "warning", _ => "note" },
            ["message"] = Text($"{risk.Message} Simulated {risk.Scenario}: {risk.Evidence}. {risk.Fix}"),
            ["locations"] = new JsonArray(location),

            // The same risk of the same object, wherever it has moved in its file and whatever its seconds are now.
            ["partialFingerprints"] = new JsonObject { ["chaosps/v1"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{risk.Code} {risk.Object}"))) },
        };
    }

    /// <summary>A path below the root is written relative to it, so that the report means the same on every machine.</summary>
    private static JsonObject Artifact(string path, string root)
    {
        var relative = Path.GetRelativePath(root, path);
        if (Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal)) return new JsonObject { ["uri"] = UriOf(path) };
        return new JsonObject { ["uri"] = string.Join('/', relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString)), ["uriBaseId"] = Root };
    }

    private static string UriOf(string path) => new UriBuilder { Scheme = Uri.UriSchemeFile, Host = "", Path = path }.Uri.AbsoluteUri;

    private static JsonObject Text(string text) => new() { ["text"] = text };
}
