namespace ChaosPS.Experiments.Controls;

/// <summary>The controls that ChaosPS applies itself: those of chaostoolkit-addons 0.11.0, and its own.</summary>
internal static class ControlCatalogue
{
    /// <summary>Ends the run when a probe is not within its tolerance.</summary>
    public static NativeControl Safeguards { get; } = new(
        "chaosaddons.controls.safeguards", "Ends the run when a probe is not within its tolerance.",
        new ActivityArgument("probes", ArgumentType.ListOfMappings, true, "probes with a tolerance; with frequency, each is looked at again after so many seconds."));

    /// <summary>Leaves activities out.</summary>
    public static NativeControl Bypass { get; } = new(
        "chaosaddons.controls.bypass", "Leaves activities out.",
        new ActivityArgument("target_type", ArgumentType.Text, false, "action or probe: all of them are left out."),
        new ActivityArgument("target_names", ArgumentType.Texts, false, "names of activities to leave out."));

    /// <summary>Plays an activity several times.</summary>
    public static NativeControl Repeat { get; } = new(
        "chaosaddons.controls.repeat", "Plays an activity several times.",
        new ActivityArgument("repeat_count", ArgumentType.Integer, false, "how often it is played, the first time counted.", 0L),
        new ActivityArgument("break_if_previous_iteration_failed", ArgumentType.Flag, false, "not to play it again after it has failed.", false));

    /// <summary>What the safeguards' add-on needs to know that the experiment has ended. Here they know it.</summary>
    public static NativeControl Synchronization { get; } = new("chaosaddons.controls.synchronization", "Tells safeguards that the run is over, which they know here.");

    /// <summary>Holds what activities of the method and the rollbacks give against their tolerances.</summary>
    public static NativeControl Tolerance { get; } = new(
        "chaosps.controls.tolerance", "Holds what activities of the method and the rollbacks give against their tolerances.");

    /// <summary>Carries a probe out again until it is within its tolerance.</summary>
    public static NativeControl WaitUntil { get; } = new(
        "chaosps.controls.wait_until", "Carries a probe out again and again until it is within its tolerance.",
        new ActivityArgument("timeout", ArgumentType.Number, true, "for how many seconds."),
        new ActivityArgument("frequency", ArgumentType.Number, false, "how many seconds there are between two times.", 1.0));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NativeControl> All { get; } = [Safeguards, Bypass, Repeat, Synchronization, Tolerance, WaitUntil];

    /// <summary>The control of that module; null when there is none.</summary>
    public static NativeControl? Find(string module) => All.FirstOrDefault(control => control.Module == module);
}
