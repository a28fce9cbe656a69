using System.Text.Json;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Python;

/// <summary>Failures in Python's words, which the original's journal has.</summary>
internal static class PythonErrors
{
    /// <summary>Does something, and says in Python's words why it could not.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="path">What it is done to, as the experiment names it; null where there is no file.</param>
    /// <exception cref="ChaosException">It could not: id <c>PythonFunctionFailed</c>.</exception>
    public static T Heed<T>(Func<T> work, string? path)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw Failed(exception, path);
        }
    }

    /// <summary>There is no file of that name.</summary>
    public static ChaosException NotFound(string path) => Failed("FileNotFoundError", $"[Errno 2] No such file or directory: {path}", null);

    /// <summary>There is a file of that name.</summary>
    public static ChaosException Exists(string path) => Failed("FileExistsError", $"[Errno 17] File exists: {path}", null);

    /// <summary>A directory stands where a file must.</summary>
    public static ChaosException IsDirectory(string path) => Failed("IsADirectoryError", $"[Errno 21] Is a directory: {path}", null);

    /// <summary>A file stands where a directory must.</summary>
    public static ChaosException IsNoDirectory(string path) => Failed("NotADirectoryError", $"[Errno 20] Not a directory: {path}", null);

    /// <summary>A directory has something in it.</summary>
    public static ChaosException NotEmpty(string path) => Failed("OSError", $"[Errno 39] Directory not empty: {path}", null);

    /// <summary>A value is of the right type, and wrong.</summary>
    public static ChaosException Value(string what) => Failed("ValueError", what, null);

    private static ChaosException Failed(Exception exception, string? path) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => Failed("FileNotFoundError", $"[Errno 2] No such file or directory: {PythonValue.Repr(path)}", exception),
        UnauthorizedAccessException => Failed("PermissionError", $"[Errno 13] Permission denied: {PythonValue.Repr(path)}", exception),
        IOException => Failed("OSError", exception.Message, exception),
        JsonException => Failed("JSONDecodeError", exception.Message, exception),
        _ => Failed("ValueError", exception.Message, exception),
    };

    private static ChaosException Failed(string type, string message, Exception? inner) => ChaosErrors.PythonFunctionFailed(type, message, inner);
}
