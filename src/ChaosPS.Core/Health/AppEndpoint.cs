namespace ChaosPS.Health;

/// <summary>An address of the application.</summary>
/// <param name="Name">A short name for it: the service behind it, or the address itself.</param>
/// <param name="Uri">An absolute http or https address.</param>
public sealed record AppEndpoint(string Name, Uri Uri);
