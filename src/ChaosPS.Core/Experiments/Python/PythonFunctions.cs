using System.Runtime.InteropServices;
using System.Text.Json;

namespace ChaosPS.Experiments.Python;

/// <summary>The functions of Python's library that experiments use and that change nothing.</summary>
/// <remarks>Names and arguments: https://docs.python.org/3/library/ .</remarks>
internal static class PythonFunctions
{
    /// <summary>All of them.</summary>
    public static IEnumerable<NativeActivity> All =>
    [
        .. Files(),
        new PythonFunction("os", "getenv", "The value of an environment variable.", [Text("key", "its name."), Any("default", "what it is when it is not set.")],
            static call => call.Context.Environment.Get(call.Arguments.Text("key")) ?? call.Arguments.OptionalText("default")),
        new PythonFunction("os", "getcwd", "The current location.", [], static call => call.Context.Environment.WorkingDirectory),
        new PythonFunction("os", "cpu_count", "How many processors this machine has.", [], static _ => (long)Environment.ProcessorCount),
        new PythonFunction("json", "loads", "What a text of JSON says: a constant, for one.", [Text("s", "the JSON.")], static call => JsonValues.FromJson(JsonElement.Parse(call.Arguments.Text("s")))),
        new PythonFunction("random", "random", "A number from 0 up to 1, of the run's seed.", [], static call => call.Context.Random.NextDouble()),
        new PythonFunction("random", "uniform", "A number between two, of the run's seed.", [Number("a", "the one."), Number("b", "the other.")],
            static call => call.Number("a") + ((call.Number("b") - call.Number("a")) * call.Context.Random.NextDouble())),
        new PythonFunction("random", "randint", "A whole number from one to another, both included, of the run's seed.", [Integer("a", "the least."), Integer("b", "the most.")],
            static call => Whole(call, call.Arguments.Number("a"), call.Arguments.Number("b"))),
        new PythonFunction("random", "choice", "One of a list, by the run's seed.", [new ActivityArgument("seq", ArgumentType.List, true, "the list.")], Choice),
        new PythonFunction("statistics", "mean", "The mean of numbers.", [new ActivityArgument("data", ArgumentType.List, true, "the numbers.")], static call => Tidy(Mean(List(call, "data")), List(call, "data"))),
        new PythonFunction("string", "capwords", "A text whose words begin with capital letters.", [Text("s", "the text."), Any("sep", "what stands between words; whitespace by default.")],
            static call => PythonText.CapitalWords(call.Arguments.Value("s") as string ?? "", call.Arguments.OptionalText("sep"))),
        new PythonFunction("textwrap", "shorten", "A text cut to a width, between words.",
            [Text("text", "the text."), Integer("width", "as many letters as are left."), Any("placeholder", "what stands for the rest.", " [...]")],
            static call => PythonText.Shorten((string)call.Arguments.Value("text")!, call.Arguments.Number("width"), (string)call.Arguments.Value("placeholder")!)),
        new PythonFunction("platform", "system", "The operating system of this machine: Linux, Windows or Darwin.", [],
            static _ => OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "Darwin" : "Linux"),
        new PythonFunction("platform", "node", "The name of this machine.", [], static _ => Environment.MachineName),
        new PythonFunction("platform", "machine", "The processor of this machine, such as x86_64.", [], static _ => Machine()),
        new PythonFunction("socket", "gethostname", "The name of this machine.", [], static _ => Environment.MachineName),
        new PythonFunction("shutil", "which", "The whole path of a program; nothing when there is none.", [Text("cmd", "its name.")],
            static call => ProcessProvider.Locate(call.Arguments.Text("cmd"), call.Context.Environment)),
        new PythonFunction("time", "time", "The seconds since 1970, by the clock of the run.", [],
            static call => (call.Context.Connection.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds),
        new SleepFunction(),
    ];

    private static IEnumerable<NativeActivity> Files()
    {
        yield return OfPath("exists", "path", "Whether there is a file or directory. A link to nothing is none.", static path => Path.Exists(path));
        yield return OfPath("lexists", "path", "Whether there is a file, a directory or a link.", static path => FileChange.IsThere(path));
        yield return OfPath("isfile", "path", "Whether it is a file.", static path => File.Exists(path));
        yield return OfPath("isdir", "s", "Whether it is a directory.", static path => Directory.Exists(path));
        yield return OfPath("islink", "path", "Whether it is a symbolic link.", static path => new FileInfo(path).LinkTarget is not null);
        yield return OfPath("getsize", "filename", "The size of a file in bytes.", static path => new FileInfo(path).Length);
        yield return OfPath("getmtime", "filename", "When a file was last changed, in seconds since 1970.", static path => (Changed(path) - DateTime.UnixEpoch).TotalSeconds);
        yield return new PythonFunction("os", "listdir", "The names in a directory.", [Any("path", "the directory.", ".")], static call =>
            Directory.GetFileSystemEntries(call.Path("path")).Select(static object? (entry) => Path.GetFileName(entry)).ToArray());
    }

    private static PythonFunction OfPath(string function, string argument, string help, Func<string, object?> look) =>
        new("os.path", function, help, [Text(argument, "its path.")], call => look(call.Path(argument)));

    private static DateTime Changed(string path) => Path.Exists(path) ? File.GetLastWriteTimeUtc(path) : throw new FileNotFoundException();

    private static object? Choice(PythonCall call)
    {
        var list = List(call, "seq");
        return list.Count == 0 ? throw PythonErrors.Value("Cannot choose from an empty sequence") : list[call.Context.Random.Next(list.Count)];
    }

    private static long Whole(PythonCall call, int least, int most) =>
        least > most ? throw PythonErrors.Value($"empty range for randrange() ({least}, {most + 1L}, {most + 1L - least})") : call.Context.Random.NextInt64(least, most + 1L);

    private static double Mean(IReadOnlyList<object?> data)
    {
        if (data.Count == 0) throw PythonErrors.Value("mean requires at least one data point");
        return data.Average(static item => item switch
        {
            long whole => whole,
            double number => number,
            _ => throw PythonErrors.Value($"can't convert type '{PythonValue.TypeName(item)}' to numerator/denominator"),
        });
    }

    /// <summary>A number that is whole, as a whole number where those are that it was made of.</summary>
    private static object? Tidy(double number, IReadOnlyList<object?> of)
    {
        object? tidy = number;
        if (double.IsInteger(number) && Math.Abs(number) < long.MaxValue && of.All(static item => item is long)) tidy = (long)number;
        return tidy;
    }

    private static IReadOnlyList<object?> List(PythonCall call, string name) => (IReadOnlyList<object?>)call.Arguments.Value(name)!;

    private static string Machine() => (RuntimeInformation.OSArchitecture, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS()) switch
    {
        (Architecture.X64, true, _) => "AMD64",
        (Architecture.X64, _, _) => "x86_64",
        (Architecture.Arm64, true, _) => "ARM64",
        (Architecture.Arm64, _, true) => "arm64",
        (Architecture.Arm64, _, _) => "aarch64",
        var (other, _, _) => other.ToString().ToLowerInvariant(),
    };

    private static ActivityArgument Text(string name, string help) => new(name, ArgumentType.Text, true, help);

    private static ActivityArgument Any(string name, string help, string? preset = null) => new(name, ArgumentType.Text, false, help, preset);

    private static ActivityArgument Integer(string name, string help) => new(name, ArgumentType.Integer, true, help);

    private static ActivityArgument Number(string name, string help) => new(name, ArgumentType.Number, true, help);
}
