using System.Text.Json;
using ChaosPS.Azure;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Azure.Identity;

/// <summary>The file that AZURE_AUTH_LOCATION names: a service principal, its subscription and its cloud.</summary>
/// <remarks>
/// The keys are those that <c>az ad sp create-for-rbac --sdk-auth</c> writes. The endpoints of the graph, of SQL and of the gallery are of services
/// that nothing here asks.
/// </remarks>
internal sealed record AuthFile(string Path)
{
    /// <summary>The variable that names it.</summary>
    public const string Variable = "AZURE_AUTH_LOCATION";

    /// <summary><c>clientId</c>.</summary>
    public string? ClientId { get; private init; }

    /// <summary><c>clientSecret</c>.</summary>
    public string? ClientSecret { get; private init; }

    /// <summary><c>clientCertificate</c>: the path of a file, from the auth file's folder on.</summary>
    public string? CertificatePath { get; private init; }

    /// <summary><c>tenantId</c>.</summary>
    public string? TenantId { get; private init; }

    /// <summary><c>subscriptionId</c>.</summary>
    public string? SubscriptionId { get; private init; }

    /// <summary>From <c>activeDirectoryEndpointUrl</c>, <c>resourceManagerEndpointUrl</c> and <c>managementEndpointUrl</c>.</summary>
    public AzureCloud Cloud { get; private init; } = AzureCloud.Public;

    /// <summary>Reads the file that the environment names; null when it names none.</summary>
    /// <param name="environment">Reads the environment.</param>
    /// <param name="subscription">The subscription that is meant whatever the file says; null when nothing says. Only errors name it.</param>
    /// <exception cref="ChaosException">It cannot be read, or is not what it should be: id <c>AzureAuthFileInvalid</c>.</exception>
    public static AuthFile? Find(Func<string, string?> environment, string? subscription) =>
        environment(Variable) is { Length: > 0 } path ? Read(path, subscription) : null;

    /// <summary>Never shows what stands in the file: neither when it is read wrong nor when it is printed.</summary>
    public override string ToString() => Path;

    private static AuthFile Read(string path, string? subscription)
    {
        var place = new AzureScope(subscription, null, null);
        try
        {
            // By its byte order mark: Windows PowerShell writes what it redirects as UTF-16.
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw Invalid("it is no JSON object");
            var tenant = Text("tenantId");
            var own = Text("subscriptionId");
            place = new AzureScope(subscription ?? own, null, tenant);
            var cloud = AzureCloud.Of(Address("activeDirectoryEndpointUrl"), Address("resourceManagerEndpointUrl"), Text("managementEndpointUrl"));
            place = place with { Cloud = cloud.Name };
            var certificate = Text("clientCertificate");
            return new AuthFile(path)
            {
                ClientId = Text("clientId"),
                ClientSecret = Text("clientSecret"),
                CertificatePath = certificate is null ? null : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, certificate),
                TenantId = tenant,
                SubscriptionId = own,
                Cloud = cloud,
            };

            string? Text(string key) => root.TryGetProperty(key, out var value) switch
            {
                false => null,
                true when value.ValueKind == JsonValueKind.Null => null,
                true when value.ValueKind == JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
                _ => throw Invalid($"{key} is no text"),
            };

            Uri? Address(string key) => Text(key) is not { } text ? null
                : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri
                : throw Invalid($"{key} is no https address");
        }
        catch (JsonException exception)
        {
            throw Invalid($"it is no JSON, line {exception.LineNumber + 1}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Invalid(exception.Message);
        }

        // What was read by then of where the file leads.
        ChaosException Invalid(string reason) => ChaosErrors.AzureAuthFileInvalid(path, place, reason);
    }
}
