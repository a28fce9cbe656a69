using System.Globalization;
using ChaosPS.Time;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>No sandbox has that name.</summary>
    public static ChaosException SandboxNotFound(string name, IEnumerable<string> builtIn) => new(
        "SandboxNotFound", ErrorKind.NotFound,
        $"There is no sandbox '{name}'. Built in: {List(builtIn)}.",
        "New-ChaosSandbox contactsapp makes the built-in one.", name);

    /// <summary>A speed at which no clock runs.</summary>
    public static ChaosException SpeedInvalid(double speed) => new(
        "SpeedInvalid", ErrorKind.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"A sandbox cannot run at {speed} times real time: {RunningClock.MinSpeed} to {RunningClock.MaxSpeed} are possible."),
        "1 is real time; 10 lets a minute pass in six seconds.", speed.ToString(CultureInfo.InvariantCulture));

    /// <summary>The clock of a sandbox cannot be moved like that, or not now.</summary>
    public static ChaosException StepRefused(string sandbox, string reason) => new(
        "StepRefused", ErrorKind.InvalidArgument,
        $"The clock of sandbox '{sandbox}' was not moved: {reason}",
        "Step-ChaosSandbox 5m moves it by five minutes, between commands.", sandbox);

    /// <summary>The process that serves a sandbox does not answer.</summary>
    public static ChaosException SandboxUnreachable(Uri uri, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new(
            "SandboxUnreachable", ErrorKind.ConnectionFailed,
            $"No sandbox answers at {uri}: {inner.Message}",
            "Start one, and use the address that it says: chaosps sandbox contactsapp, or New-ChaosSandbox contactsapp -Listen.", uri.ToString(), inner);
    }
}
