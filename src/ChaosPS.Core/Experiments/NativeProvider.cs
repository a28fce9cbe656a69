using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>A function of a Python module, carried out by the native activity of the same name.</summary>
/// <param name="Node">Its place in the document.</param>
/// <param name="Activity">The native activity.</param>
internal sealed record NativeProvider(DocumentMapping Node, NativeActivity Activity) : ActivityProvider(Node)
{
    private static readonly string[] s_keys = ["type", "module", "func", "arguments", "secrets", "config"];

    /// <inheritdoc/>
    public override void Check(FindingList findings)
    {
        findings.UnknownKeys(Node, "a python provider", s_keys);
        Activity.Check(Node, findings);
    }

    /// <summary>The arguments, placeholders filled.</summary>
    public IReadOnlyDictionary<string, object?> Arguments(Substitution substitution) =>
        Node["arguments"] is DocumentMapping arguments
            ? (IReadOnlyDictionary<string, object?>)substitution.ApplyToArguments(DocumentValues.ToMap(arguments))!
            : new OrderedDictionary<string, object?>();

    /// <inheritdoc/>
    protected override Task<object?> RunAsync(ActivityContext context, CancellationToken cancellationToken) =>
        Activity.RunAsync(context.Through(context.Azure.For(this, context.Substitution)), Arguments(context.Substitution), cancellationToken);
}
