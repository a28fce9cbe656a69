using System.Collections;
using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes names that namespaces hold: those of the namespaces that <c>-Namespace</c> names, or of all.</summary>
public abstract class NamespacedNameCompleter : ClusterCompleter
{
    private static readonly string[] s_parameterNames = ["Namespace", "Ns"];

    private protected sealed override string? GetScope(IDictionary bound) =>
        s_parameterNames.Select(name => LanguagePrimitives.ConvertTo<string[]>(bound[name])).FirstOrDefault(static given => given is { Length: > 0 }) is { } given
            ? string.Join(',', given)
            : null;

    private protected sealed override async Task<IEnumerable<string?>> ReadAsync(
        ChaosConnection connection, string? scope, CancellationToken cancellationToken)
    {
        var given = scope?.Split(',');
        var namespaces = new Wildcards(given);
        var items = await ReadItemsAsync(connection, Namespaces.Single(given), cancellationToken);
        return items.Where(item => namespaces.Match(item.Namespace)).Select(static item => item.Name);
    }

    /// <summary>Reads the names of one namespace, or of all.</summary>
    private protected abstract Task<IEnumerable<(string Namespace, string Name)>> ReadItemsAsync(
        ChaosConnection connection, string? @namespace, CancellationToken cancellationToken);
}
