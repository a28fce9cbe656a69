namespace ChaosPS.Ports;

/// <summary>The PowerShell session that an experiment is run from: its commands, its variables, its vaults.</summary>
public interface ICallerSession
{
    /// <summary>Whether secrets can be read: PowerShell's SecretManagement is there.</summary>
    bool HasSecretManagement { get; }

    /// <summary>Looks at a call without making it.</summary>
    ScriptReview Review(ScriptCall call);

    /// <summary>Runs a command or a script in the session; after the session's pipeline was stopped, in a new session without its variables.</summary>
    /// <param name="call">What to run.</param>
    /// <param name="log">Takes what it writes to the streams for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What it writes: nothing, one value, or a list of them, as plain values.</returns>
    /// <exception cref="Errors.ChaosException">It wrote an error: id <c>ScriptFailed</c>.</exception>
    Task<object?> RunAsync(ScriptCall call, IChaosLog log, CancellationToken cancellationToken);

    /// <summary>Reads a secret by <c>Get-Secret</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="vault">The vault; null means the first that has it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A plain value; of a credential a mapping with <c>username</c> and <c>password</c>.</returns>
    /// <exception cref="Errors.ChaosException">It cannot be read: id <c>SecretUnreadable</c>.</exception>
    Task<object?> ReadSecretAsync(string name, string? vault, CancellationToken cancellationToken);
}

/// <summary>A command with its arguments, or a script with its.</summary>
/// <param name="Command">The name of a cmdlet, function, script or program; null for a script.</param>
/// <param name="Script">PowerShell's text; null for a command.</param>
/// <param name="Arguments">A mapping of parameters, a list of positional arguments, one of them, or null.</param>
public sealed record ScriptCall(string? Command, string? Script, object? Arguments = null)
{
    /// <summary>The call in a word.</summary>
    public override string ToString() => Command ?? "script";
}

/// <summary>What can be said of a call before it is made.</summary>
/// <param name="Problems">What keeps it from working: mistakes in the script, a command or a parameter that there is not.</param>
/// <param name="Borrowed">What it takes from the session: variables that it does not set, functions.</param>
public sealed record ScriptReview(IReadOnlyList<ScriptProblem> Problems, IReadOnlyList<string> Borrowed);

/// <summary>Something that keeps a call from working.</summary>
/// <param name="Code">A stable code: <c>ScriptInvalid</c>, <c>UnknownCommand</c>, <c>UnknownArgument</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">What to write instead; null when nothing useful can be said.</param>
public sealed record ScriptProblem(string Code, string Message, string? Suggestion);
