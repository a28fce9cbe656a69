namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>Who asks. Texts are empty where the file says nothing; paths are absolute.</summary>
internal sealed record KubeConfigUser
{
    /// <summary>The file that it stands in.</summary>
    public required string File { get; init; }

    /// <summary>A file of the user's certificate.</summary>
    public string ClientCertificate { get; init; } = "";

    /// <summary>The certificate itself; it comes before the file. Empty for none.</summary>
    public byte[] ClientCertificateData { get; init; } = [];

    /// <summary>A file of the certificate's key.</summary>
    public string ClientKey { get; init; } = "";

    /// <summary>The key itself; it comes before the file. Empty for none.</summary>
    public byte[] ClientKeyData { get; init; } = [];

    /// <summary>A bearer token.</summary>
    public string Token { get; init; } = "";

    /// <summary>A file of a bearer token, which somebody keeps fresh; it comes before the token.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>Whom to act as.</summary>
    public string As { get; init; } = "";

    /// <summary>The id to act with.</summary>
    public string AsUid { get; init; } = "";

    /// <summary>The groups to act with.</summary>
    public IReadOnlyList<string> AsGroups { get; init; } = [];

    /// <summary>What else to say of whom to act as.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AsUserExtra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>For basic authentication.</summary>
    public string Username { get; init; } = "";

    /// <summary>For basic authentication.</summary>
    public string Password { get; init; } = "";

    /// <summary>The name of a way to sign in that kubectl once had built in.</summary>
    public string AuthProvider { get; init; } = "";

    /// <summary>A program that gives credentials; null for none.</summary>
    public KubeConfigExec? Exec { get; init; }
}
