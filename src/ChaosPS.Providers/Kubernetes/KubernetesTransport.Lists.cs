namespace ChaosPS.Providers.Kubernetes;

/// <content>Lists that are read while they come.</content>
internal sealed partial class KubernetesTransport
{
    /// <summary>Reads a list, or a part of one, in protobuf where the server has it and in JSON where it has not.</summary>
    /// <param name="call">What is listed.</param>
    /// <param name="query">The query, with its question mark; empty for none.</param>
    /// <param name="list">Reads the items. When the connection breaks, it begins anew.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ListPage<T>> ListAsync<T>(ApiCall call, string query, ListBody<T> list, CancellationToken cancellationToken)
    {
        await ReadAsync(call, query, isText: false, cancellationToken, list);
        return list.Page;
    }
}
