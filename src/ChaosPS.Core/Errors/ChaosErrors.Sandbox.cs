using System.Globalization;
using ChaosPS.Time;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>There is neither a built-in sandbox of that name nor a file or folder.</summary>
    public static ChaosException SandboxNotFound(string name, IEnumerable<string> builtIn) => new(
        "SandboxNotFound", ErrorKind.NotFound,
        $"There is no sandbox '{name}', and no file or folder of that name. Built in: {List(builtIn)}.",
        "New-ChaosSandbox contactsapp makes the built-in one; a folder of manifests or a snapshot makes one of its own.", name);

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

    /// <summary>A fault that a sandbox cannot have.</summary>
    public static ChaosException FaultRefused(string sandbox, string reason) => new(
        "FaultRefused", ErrorKind.InvalidArgument,
        $"Sandbox '{sandbox}' cannot have that fault: {reason}",
        "Add-ChaosSandboxFault Throttling -Target Azure -Count 3 is one that it can have.", sandbox);

    /// <summary>A sandbox has no fault of that number, or no longer.</summary>
    public static ChaosException FaultNotFound(string sandbox, int id) => new(
        "FaultNotFound", ErrorKind.NotFound,
        string.Create(CultureInfo.InvariantCulture, $"Sandbox '{sandbox}' has no fault {id}: it is over, or never was."),
        "Get-ChaosSandboxFault lists those that are there.", sandbox);

    /// <summary>The process that serves a sandbox does not answer.</summary>
    public static ChaosException SandboxUnreachable(Uri uri, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new(
            "SandboxUnreachable", ErrorKind.ConnectionFailed,
            $"No sandbox answers at {uri}: {inner.Message}",
            "Start one, and use the address that it says: chaosps sandbox contactsapp, or New-ChaosSandbox contactsapp -Listen.", uri.ToString(), inner);
    }

    /// <summary>The address of a served sandbox can be none.</summary>
    public static ChaosException SandboxUriInvalid(string uri) => new(
        "SandboxUriInvalid", ErrorKind.InvalidArgument,
        $"No sandbox is served at '{uri}': one has an http address of this machine's own.",
        "Use the address that chaosps sandbox, or New-ChaosSandbox -Listen, says: http://127.0.0.1:PORT.", uri);

    /// <summary>Something else than a sandbox answers at an address.</summary>
    public static ChaosException SandboxNotServed(Uri uri, string reason, Exception? inner = null) => new(
        "SandboxNotServed", ErrorKind.ConnectionFailed,
        $"What answers at {uri} is no sandbox that is served: {reason}.",
        "Use the address that chaosps sandbox, or New-ChaosSandbox -Listen, says.", uri, inner);

    /// <summary>A kubeconfig is there already, and no sandbox wrote it.</summary>
    public static ChaosException KubeConfigNotOurs(string path) => new(
        "KubeConfigNotOurs", ErrorKind.Refused,
        $"'{path}' holds something else than the kubeconfig of a sandbox, perhaps the way to real clusters. It was not touched, and nothing is served.",
        "Name a file that is not there yet. KUBECONFIG can name several files at once.", path);

    /// <summary>The kubeconfig cannot be written.</summary>
    public static ChaosException KubeConfigUnwritable(string path, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new(
            "KubeConfigUnwritable", ErrorKind.PermissionDenied, $"The kubeconfig '{path}' cannot be written: {inner.Message}", "Name a file that you may write.", path, inner);
    }

    /// <summary>The session has no sandbox of that name.</summary>
    public static ChaosException SandboxNotInSession(string name, IEnumerable<string> existing) => new(
        "SandboxNotInSession", ErrorKind.NotFound,
        $"The session has no sandbox '{name}'. It has: {List(existing)}.",
        "Get-ChaosSandbox lists the one that the session is connected to, and those that it serves.", name);

    /// <summary>Only the process that serves a sandbox can end it.</summary>
    public static ChaosException SandboxServedElsewhere(string name, Uri uri) => new(
        "SandboxServedElsewhere", ErrorKind.Refused,
        $"Sandbox '{name}' at {uri} is not served by this session, so it cannot be removed from here.",
        "End the process that serves it; Disconnect-ChaosCluster only leaves it.", name);

    /// <summary>A parameter that only means something for a sandbox that is served.</summary>
    public static ChaosException NotListening(string parameter) => new(
        "NotListening", ErrorKind.InvalidArgument,
        $"-{parameter} is for a sandbox that is served to other processes.",
        "Say -Listen too.", parameter);

    /// <summary>Where to listen is no address.</summary>
    public static ChaosException ListenAddressInvalid(string address) => new(
        "ListenAddressInvalid", ErrorKind.InvalidArgument,
        $"'{address}' is no address to listen at.",
        "127.0.0.1:8001 is one; with port 0, or without a port, the system chooses one that is free.", address);

    /// <summary>Others than this machine could reach the address.</summary>
    public static ChaosException ListenAddressNotLocal(string address) => new(
        "ListenAddressNotLocal", ErrorKind.InvalidArgument,
        $"A sandbox is not served at '{address}': it asks nobody who they are, so only this machine may reach it.",
        "Listen at 127.0.0.1, [::1] or localhost. From elsewhere, reach it through a tunnel that asks, such as ssh -L.", address);

    /// <summary>The address cannot be listened at.</summary>
    public static ChaosException ListenFailed(string address, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new(
            "ListenFailed", ErrorKind.Conflict,
            $"The sandbox cannot listen at '{address}': {inner.Message}",
            "With port 0 the system chooses one that is free.", address, inner);
    }
}
