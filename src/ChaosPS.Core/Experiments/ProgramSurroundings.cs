using System.Text.Json.Nodes;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>
/// What a program finds that a run in a sandbox starts: a kubeconfig that leads to the sandbox, or nowhere, and an Azure that nobody is logged in to. The user's own
/// are not what it shall change.
/// </summary>
internal sealed class ProgramSurroundings : IDisposable
{
    /// <summary>Ways to real clusters and identities, which a program would inherit.</summary>
    private static readonly string[] s_taken =
    [
        "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "KUBERNETES_HOST", "KUBERNETES_CONTEXT", "KUBERNETES_API_KEY", "CHAOSTOOLKIT_IN_POD",
        "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_ACCESS_TOKEN", "AZURE_AUTH_LOCATION", "IDENTITY_ENDPOINT", "MSI_ENDPOINT",
    ];

    private readonly DirectoryInfo _folder;

    private ProgramSurroundings(DirectoryInfo folder) => _folder = folder;

    /// <summary>Sets the variables of a program; null on a real cluster, where it finds what its user has.</summary>
    public static ProgramSurroundings? Of(ChaosConnection connection, IDictionary<string, string?> environment)
    {
        if (connection.Kind != ConnectionKind.Sandbox) return null;
        var surroundings = new ProgramSurroundings(Directory.CreateTempSubdirectory("chaosps-")); // for its user's eyes only
        var kubeConfig = Path.Combine(surroundings._folder.FullName, "kubeconfig");
        File.WriteAllText(kubeConfig, KubeConfig(connection).ToJsonString()); // JSON is YAML
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(kubeConfig, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var name in s_taken) environment.Remove(name);
        environment["KUBECONFIG"] = kubeConfig;
        environment["AZURE_CONFIG_DIR"] = surroundings._folder.FullName;
        return surroundings;
    }

    /// <summary>Removes what the program was given.</summary>
    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What the program has started and left behind may write there still. There is nothing secret in it.
        }
    }

    private static JsonObject KubeConfig(ChaosConnection connection)
    {
        var config = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Config" };
        if (connection.Origin.Sandbox is not { } uri) return config;
        var name = connection.Name;
        config["current-context"] = name;
        config["contexts"] = Named("context", new JsonObject { ["cluster"] = name, ["user"] = name });
        config["clusters"] = Named("cluster", new JsonObject { ["server"] = uri.GetLeftPart(UriPartial.Authority) });
        config["users"] = Named("user", new JsonObject { ["token"] = "sandbox" });
        return config;

        JsonArray Named(string key, JsonObject value) => new(new JsonObject { ["name"] = name, [key] = value });
    }
}
