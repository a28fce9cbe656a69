namespace ChaosPS.Experiments.Controls;

/// <summary>A control that ChaosPS applies itself, under the name and with the arguments that the Chaos Toolkit's add-on has for it.</summary>
/// <param name="Module">The Python module, such as <c>chaosaddons.controls.safeguards</c>.</param>
/// <param name="Help">What it does.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record NativeControl(string Module, string Help, params ActivityArgument[] Arguments)
{
    /// <summary>The module.</summary>
    public override string ToString() => Module;
}
