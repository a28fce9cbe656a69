using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>A tolerance that is a probe: it is given the output as its argument <c>value</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Node">Its provider, as written.</param>
/// <param name="Create">Makes a provider of a definition.</param>
internal sealed record ToleranceProbe(string Name, DocumentMapping Node, Func<DocumentMapping, ActivityProvider?> Create)
{
    private const string Arguments = "arguments";
    private const string Value = "value";

    /// <summary>The provider with an output as its argument.</summary>
    public ActivityProvider With(object? output)
    {
        var given = new DocumentEntry(new DocumentScalar(Value, Node.Line, Node.Column), DocumentValues.ToNode(output, Node));
        var arguments = Node[Arguments] is DocumentMapping written
            ? new DocumentMapping([.. written.Entries.Where(static entry => entry.Key.Value is not Value), given], written.Line, written.Column)
            : new DocumentMapping([given], Node.Line, Node.Column);
        var entry = new DocumentEntry(new DocumentScalar(Arguments, Node.Line, Node.Column), arguments);

        // It was made once before, when the experiment was read.
        return Create(new DocumentMapping([.. Node.Entries.Where(static other => other.Key.Value is not Arguments), entry], Node.Line, Node.Column))!;
    }
}
