using System.Text.Json.Serialization;
using ChaosPS.Errors;

namespace ChaosPS.Safety;

/// <summary>A change of files on one machine.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal abstract record FileIntent(string Machine, bool Held = false) : ChangeIntent(Held)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override string Identity => $"{Machine} {Target}";

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool IsUnmistakable => true; // it is of no cluster

    /// <inheritdoc/>
    public sealed override Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        if (Machine != Environment.MachineName) throw ChaosErrors.FilesElsewhere(Target, Machine);
        try
        {
            Undo(context);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileNotRestored(Target, exception);
        }

        return Task.FromResult<Func<CancellationToken, Task>?>(null);
    }

    /// <summary>A path as one word of a shell's command.</summary>
    protected static string Quoted(string path) => $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Puts it back; what is as before already is left alone.</summary>
    protected abstract void Undo(UndoContext context);
}
