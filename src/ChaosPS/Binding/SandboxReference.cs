using ChaosPS.Sandboxes;

namespace ChaosPS.Binding;

/// <summary>A sandbox, or the address where another process serves one: what PowerShell makes of an argument that can be either.</summary>
public sealed class SandboxReference
{
    /// <summary>Takes a sandbox of this process.</summary>
    public SandboxReference(ChaosSandbox sandbox) => Sandbox = sandbox;

    /// <summary>Takes an address.</summary>
    public SandboxReference(Uri uri) => Uri = uri;

    /// <summary>Takes an address such as <c>http://127.0.0.1:8001</c>.</summary>
    /// <exception cref="Errors.ChaosException">It is none: id <c>SandboxUriInvalid</c>.</exception>
    public SandboxReference(string address) =>
        Uri = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri : throw Errors.ChaosErrors.SandboxUriInvalid(address);

    /// <summary>The sandbox; null when it is an address.</summary>
    public ChaosSandbox? Sandbox { get; }

    /// <summary>The address; null when it is a sandbox.</summary>
    public Uri? Uri { get; }
}
