namespace ChaosPS.Experiments.Python;

/// <summary>A call of a function of Python's library.</summary>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Context">What it works with.</param>
internal sealed record PythonCall(ActivityArguments Arguments, ActivityContext Context)
{
    /// <summary>A path among the arguments, from the working directory on.</summary>
    public string Path(string name) => System.IO.Path.GetFullPath(Arguments.Text(name), Context.Environment.WorkingDirectory);

    /// <summary>A number among the arguments, which is given or has a default.</summary>
    public double Number(string name) => ArgumentTypes.ToNumber(Arguments.Value(name))!.Value;
}
