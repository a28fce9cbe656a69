namespace ChaosPS.Experiments.Kubernetes;

/// <summary>The arguments that many activities have, and short ways to write the others.</summary>
internal static class Argument
{
    public static ActivityArgument Namespace { get; } = Text("ns", "the namespace.", "default");

    public static ActivityArgument LabelSelector { get; } = Text("label_selector", "only those with these labels, such as app=web.");

    public static ActivityArgument SpecPath { get; } =
        Needed("spec_path", "a file of JSON or YAML with the object; relative to the working directory, else to the experiment.");

    public static ActivityArgument Timeout { get; } = Number("timeout", "how many seconds it is waited for.", 30);

    public static ActivityArgument Name(string what) => Needed("name", $"the name of the {what}.");

    public static ActivityArgument OptionalName(string what) => Text("name", $"the name of the {what}.");

    public static ActivityArgument Needed(string name, string help) => new(name, ArgumentType.Text, Required: true, help);

    public static ActivityArgument Text(string name, string help, string? value = null) => new(name, ArgumentType.Text, Required: false, help, value);

    public static ActivityArgument Number(string name, string help, long? value = null) => new(name, ArgumentType.Integer, Required: false, help, value);

    public static ActivityArgument NeededNumber(string name, string help) => new(name, ArgumentType.Integer, Required: true, help);

    public static ActivityArgument Flag(string name, string help, bool value = false) => new(name, ArgumentType.Flag, Required: false, help, value);

    public static ActivityArgument Map(string name, string help, bool required = false) => new(name, ArgumentType.Mapping, required, help);

    public static ActivityArgument Labels(string name, string help) => new(name, ArgumentType.Labels, Required: false, help);

    public static ActivityArgument Texts(string name, string help, bool required = false) => new(name, ArgumentType.Texts, required, help);

    /// <summary>The flag that makes a probe fail, rather than return false, when what it looks for is not so.</summary>
    public static ActivityArgument Raise(string name) => Flag(name, "whether the probe fails, rather than returns false, when it is not so.", true);
}
