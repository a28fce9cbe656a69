namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A command in a container could not be run.</summary>
    public static ChaosException PodCommandFailed(string what, string cluster, string reason, Exception? inner) => new(
        "PodCommandFailed", ErrorKind.OperationFailed,
        $"Cannot {what} in cluster '{cluster}': {reason.TrimEnd('.')}.",
        "See whether the container runs and has that program, and whether you may create pods/exec.", what, inner);

    /// <summary>A command in a container did not end in time. It may go on.</summary>
    public static ChaosException PodCommandTimeout(string what, string cluster, TimeSpan timeout) => new(
        "PodCommandTimeout", ErrorKind.Timeout,
        $"Cannot wait longer to {what} in cluster '{cluster}': it did not end within {Text.Seconds(timeout)}, and may go on.",
        "Allow it more time, or end it in the container.", what);
}
