namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A function of Python's library could not do its work. The message is what Python says.</summary>
    /// <param name="type">Python's exception, such as <c>FileNotFoundError</c>.</param>
    /// <param name="message">What it says.</param>
    /// <param name="inner">What happened here; null when it was foreseen.</param>
    internal static ChaosException PythonFunctionFailed(string type, string message, Exception? inner) => new(
        "PythonFunctionFailed",
        type switch { "FileNotFoundError" => ErrorKind.NotFound, "PermissionError" => ErrorKind.PermissionDenied, "FileExistsError" => ErrorKind.Conflict, _ => ErrorKind.OperationFailed },
        $"{type}: {message}", "Check its arguments. A path that is not whole begins in the current location.", null, inner);

    /// <summary>A change of files is to be undone where those files are not.</summary>
    internal static ChaosException FilesElsewhere(string target, string machine) => new(
        "FilesElsewhere", ErrorKind.Refused, $"{target} is on the machine {machine}, and this is another one.", $"Finish on {machine}: Restore-ChaosRun (chaosps restore).", target);

    /// <summary>A mark in a cluster, and no log of this machine, tells of a change of its files.</summary>
    internal static ChaosException FilesByMark(string target) => new(
        "FilesByMark", ErrorKind.Refused, $"'{target}' is left alone: this machine has no log of its own that it was changed, only a mark in the cluster says so, and others may have written that.",
        "Finish on the machine that the run was on; or look at the file, and put it back by hand.", target);

    /// <summary>Something stands where a file is to be moved back to.</summary>
    internal static ChaosException FileInTheWay(string path, string moved) => new(
        "FileInTheWay", ErrorKind.Conflict, $"'{moved}' cannot be moved back to '{path}': something has been put there since.", "Look at both, and move it by hand.", path);

    /// <summary>The system does not let a file be put back.</summary>
    internal static ChaosException FileNotRestored(string path, Exception inner) => new(
        "FileNotRestored", ErrorKind.PermissionDenied, $"'{path}' cannot be put back: {inner?.Message}", "Look at its permissions.", path, inner);
}
