using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Python;

/// <summary>A function of Python's library that changes files of this machine. What it changes is in the recovery log first.</summary>
/// <param name="module">The module.</param>
/// <param name="function">The function in it.</param>
/// <param name="help">What it does.</param>
/// <param name="arguments">Its arguments, by Python's names.</param>
/// <param name="change">What it changes, of its arguments and a way to make a path of one of them.</param>
internal sealed class FileAction(
    string module, string function, string help, ActivityArgument[] arguments, Func<ActivityArguments, Func<string, string>, FileChange> change)
    : NativeActivity(module, function, ActivityKind.Action, help, arguments)
{
    /// <summary>All of them.</summary>
    public static IEnumerable<NativeActivity> All =>
    [
        new FileAction("os", "remove", "Removes a file.", [Path("path", "the file.")], static (_, path) => new FileRemoval(path("path"), IsTree: false)),
        new FileAction("os", "unlink", "Removes a file.", [Path("path", "the file.")], static (_, path) => new FileRemoval(path("path"), IsTree: false)),
        new FileAction("os", "rename", "Gives a file or directory another name.", [Path("src", "its path."), Path("dst", "its new path.")], static (_, path) => new FileMove(path("src"), path("dst"))),
        new FileAction("os", "replace", "Gives a file or directory another name.", [Path("src", "its path."), Path("dst", "its new path.")], static (_, path) => new FileMove(path("src"), path("dst"))),
        new FileAction("os", "mkdir", "Makes a directory.", [Path("path", "its path."), Mode], static (_, path) => new FolderCreation(path("path"), WithParents: false, MayExist: false)),
        new FileAction(
            "os", "makedirs", "Makes a directory, and those around it.",
            [Path("name", "its path."), Mode, new ActivityArgument("exist_ok", ArgumentType.Flag, false, "whether it may be there already.", false)],
            static (arguments, path) => new FolderCreation(path("name"), WithParents: true, arguments.Flag("exist_ok"))),
        new FileAction("os", "rmdir", "Removes an empty directory.", [Path("path", "its path.")], static (_, path) => new FolderRemoval(path("path"))),
        new FileAction("shutil", "move", "Moves a file or directory; to a directory means into it.", [Path("src", "its path."), Path("dst", "where to.")],
            static (_, path) => new FileMove(path("src"), Directory.Exists(path("dst")) ? System.IO.Path.Combine(path("dst"), System.IO.Path.GetFileName(path("src"))) : path("dst"))),
        new FileAction("shutil", "rmtree", "Removes a directory and all that is in it.", [Path("path", "its path.")], static (_, path) => new FileRemoval(path("path"), IsTree: true)),
    ];

    /// <inheritdoc/>
    internal override Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var planned = Change(request.Activity, request.Arguments, request.WorkingDirectory);
        return Task.FromResult<IReadOnlyList<ActivityTarget>>(
            [new FileTarget(request.Phase, request.Activity, planned.Verb, planned.Path, planned.Destination, planned.Loses(new FileForecast(request.Earlier)))]);
    }

    /// <inheritdoc/>
    internal override async Task<object?> RunAsync(ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Phase is RunPhase.Before or RunPhase.During or RunPhase.After) throw ChaosErrors.ActionInHypothesis(context.Activity, Function);
        var made = Change(context.Activity, arguments, context.Environment.WorkingDirectory);
        var loses = context.Targets.OfType<FileTarget>().Any(static target => target.CannotBeUndone);
        if (PythonErrors.Heed(() => made.Intent(loses), made.Path) is not { } intent) return null;

        // The plan could not know what something else has put there meanwhile.
        if (!context.AllowIrreversible && (loses || (made.Destination is { } there && FileChange.IsThere(there))))
            throw ChaosErrors.IrreversibleNotAllowed(context.Activity, Function, made.Destination is { } lost ? $"overwrite {lost}" : $"remove {made.Path}");
        context.Log.Write(ChaosLogLevel.Verbose, $"{made.Verb} {made.Path}{(made.Destination is { } to ? $" to {to}" : "")}");
        var change = context.Changes.Intend(intent with { PutsBack = context.Phase == RunPhase.Rollbacks });
        try
        {
            await context.Changes.SendAsync(change, () => Task.FromResult(PythonErrors.Heed(() => { made.Make(); return true; }, made.Path)));
        }
        catch (ChaosException)
        {
            context.Changes.Note(change, ChangeState.Failed); // the system may have said no in the middle: half a directory is gone, or made
            throw;
        }

        context.Changes.Note(change, ChangeState.Done);
        return null;
    }

    private FileChange Change(string activity, IReadOnlyDictionary<string, object?> given, string workingDirectory)
    {
        var read = new ActivityArguments(activity, Arguments, given);
        return change(read, name => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(read.Text(name), workingDirectory)));
    }

    private static ActivityArgument Mode { get; } = new("mode", ArgumentType.Integer, false, "its permissions; those of the system's default are given, whatever stands here.");

    private static ActivityArgument Path(string name, string help) => new(name, ArgumentType.Text, true, help);
}
