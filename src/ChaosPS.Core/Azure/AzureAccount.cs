namespace ChaosPS.Azure;

/// <summary>Who asks Azure, and in which cloud. It holds no secret.</summary>
/// <param name="TokenSource">Where the token came from: a name of <see cref="AzureTokenSource"/>, or <c>Secrets</c> for those of an experiment.</param>
/// <param name="Cloud">The cloud, in the words of the Azure CLI: <c>AzureCloud</c>, <c>AzureUSGovernment</c>, <c>AzureChinaCloud</c>, or the address of another one.</param>
/// <param name="TenantId">The tenant; null when the token does not say.</param>
/// <param name="Principal">The user's name, or the application's id; null when the token does not say.</param>
/// <param name="ObjectId">The principal's object id, which roles are assigned to; null when the token does not say.</param>
public sealed record AzureAccount(string TokenSource, string Cloud, string? TenantId, string? Principal, string? ObjectId);
