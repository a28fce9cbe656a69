namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>An experiment has controls that this version does not apply, and the run does not allow to leave them out.</summary>
    public static ChaosException ControlUnknown(IEnumerable<string> controls)
    {
        var list = List(controls);
        return new ChaosException(
            "ControlUnknown", ErrorKind.Refused,
            $"This version does not apply these controls of the experiment, and one of them may be what makes it safe: {list}. Nothing was touched.",
            "Remove them, or run without them by -SkipUnknownControl (--skip-unknown-control on the command line).", list);
    }

    /// <summary>A file of controls is none.</summary>
    public static ChaosException ControlFileInvalid(string path) => new(
        "ControlFileInvalid", ErrorKind.InvalidData, $"The file of controls '{path}' is no mapping of names to controls.",
        "Write name: {provider: {type: python, module: …}}, as in docs/chaos-toolkit.md.", path);

    /// <summary>A settings file of the Chaos Toolkit is none.</summary>
    public static ChaosException SettingsInvalid(string path, int line, string why) => new(
        "SettingsInvalid", ErrorKind.InvalidData, $"The settings of '{path}' cannot be used: line {line}: {why}.",
        "Write it as docs/chaos-toolkit.md shows: auths: {example.com: {type: bearer, value: …}}.", path);
}
