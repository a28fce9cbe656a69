namespace ChaosPS.Experiments.Controls;

/// <summary>Which of its two turns a control takes.</summary>
internal enum ControlScope
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>The one before what it controls.</summary>
    Before,

    /// <summary>The one after it.</summary>
    After,
}
