namespace ChaosPS.Safety;

/// <summary>What stops all runs and keeps new ones from beginning, wherever they run.</summary>
public static class StopLever
{
    /// <summary>The environment variable that stops all runs of a process.</summary>
    public const string Variable = "CHAOSPS_STOP";

    /// <summary>The file of the state directory that stops all runs of a user on a machine.</summary>
    public static string DefaultFile => Path.Combine(RecoveryLog.DefaultStateDirectory, "STOP");

    /// <summary>What on this machine stops all runs; null when nothing does.</summary>
    internal static string? PulledLocally(BlastRadius radius)
    {
        if (IsPulled(Environment.GetEnvironmentVariable(Variable))) return $"the environment variable {Variable}";
        return radius.Policies.Select(static policy => policy.StopFile).OfType<string>().Prepend(DefaultFile).FirstOrDefault(File.Exists) is { } file
            ? $"the file {file}"
            : null;
    }

    /// <summary>Whether a value says stop: anything but nothing, <c>0</c>, <c>false</c> and <c>no</c>.</summary>
    internal static bool IsPulled(string? value) => value?.Trim().ToLowerInvariant() is not (null or "" or "0" or "false" or "no");
}
