using ChaosPS.Sandbox.Kubernetes.Store;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>A field selector: <c>spec.nodeName=n,status.phase!=Running</c>.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/ .</remarks>
internal sealed class FieldSelector
{
    private readonly List<(string Field, bool Negated, string Value)> _terms = [];

    private FieldSelector()
    {
    }

    /// <summary>Whether it selects everything.</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>The one name that it selects; null when it may select several.</summary>
    public string? Name => _terms.FirstOrDefault(term => term is { Field: "metadata.name", Negated: false }).Value;

    /// <summary>Reads it; null or empty text selects everything.</summary>
    /// <exception cref="StatusException">It cannot be read, or asks for a field that the type does not offer.</exception>
    public static FieldSelector Parse(string? text, ResourceType type)
    {
        var selector = new FieldSelector();
        foreach (var term in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var operation = Array.Find(["!=", "==", "="], candidate => term.Contains(candidate, StringComparison.Ordinal))
                ?? throw StatusException.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
            var at = term.IndexOf(operation, StringComparison.Ordinal);
            var field = term[..at];
            if (field != "metadata.name" && !(field == "metadata.namespace" && type.Namespaced) && !type.Fields.Contains(field))
            {
                throw StatusException.BadRequest($"field label not supported: {field}");
            }

            selector._terms.Add((field, operation == "!=", term[(at + operation.Length)..]));
        }

        return selector;
    }

    /// <summary>Whether an object is selected.</summary>
    /// <param name="item">The object.</param>
    /// <param name="read">Reads one of its fields, beside name and namespace.</param>
    public bool Matches(ApiObject item, Func<string, string> read)
    {
        foreach (var (field, negated, value) in _terms)
        {
            var found = field switch { "metadata.name" => item.Name, "metadata.namespace" => item.Namespace, _ => read(field) };
            if (found == value == negated) return false;
        }

        return true;
    }
}
