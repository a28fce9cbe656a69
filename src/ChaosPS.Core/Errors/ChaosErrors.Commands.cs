namespace ChaosPS.Errors;

/// <content>What only the cmdlets can get wrong.</content>
public static partial class ChaosErrors
{
    /// <summary>The session is not connected to a sandbox.</summary>
    public static ChaosException NoSandbox() => new(
        "NoSandbox", ErrorKind.InvalidArgument,
        "The session is not connected to a sandbox, and no other cluster's time can be moved.",
        "New-ChaosSandbox contactsapp makes one and connects to it.", null);

    /// <summary>There is no such file.</summary>
    public static ChaosException FileNotFound(string path) => new(
        "FileNotFound", ErrorKind.NotFound,
        $"No file '{path}'.",
        "Check the path; a relative one starts at the present location.", path);

    /// <summary>A file is there and cannot be read.</summary>
    public static ChaosException FileUnreadable(string path, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new(
            "FileUnreadable", ErrorKind.PermissionDenied, $"'{path}' cannot be read: {inner.Message}", "Check that you may read it.", path, inner);
    }

    /// <summary>A folder stands where a file is wanted.</summary>
    public static ChaosException FileIsFolder(string path) => new(
        "FileUnreadable", ErrorKind.InvalidArgument, $"'{path}' is a folder.", "Name a file.", path);

    /// <summary>A file is there, and must not be overwritten.</summary>
    public static ChaosException FileExists(string path) => new(
        "FileExists", ErrorKind.Conflict, $"'{path}' is there already, and -NoClobber keeps it.", "Choose another name, or leave out -NoClobber.", path);

    /// <summary>An experiment is there already.</summary>
    public static ChaosException ExperimentExists(string path) => new(
        "FileExists", ErrorKind.Conflict, $"'{path}' is there already.", "Choose another name; -Force overwrites it.", path);

    /// <summary>A file cannot be written.</summary>
    public static ChaosException FileUnwritable(string path, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new(
            "FileUnwritable", ErrorKind.PermissionDenied, $"'{path}' cannot be written: {inner.Message}",
            "Check that the folder is there and that you may write into it.", path, inner);
    }

    /// <summary>A file is there, and read-only.</summary>
    public static ChaosException FileIsReadOnly(string path) => new(
        "FileIsReadOnly", ErrorKind.PermissionDenied, $"'{path}' is read-only.", "-Force overwrites it.", path);

    /// <summary>An address that nothing can be sent to.</summary>
    public static ChaosException AppUriInvalid(string uri) => new(
        "AppUriInvalid", ErrorKind.InvalidArgument,
        $"'{uri}' is no absolute http or https address.",
        "Write it whole, such as http://contactsapp.sandbox/.", uri);

    /// <summary>No node has that machine behind it.</summary>
    public static ChaosException NoNodeOnMachine(string resourceId, string fullName, string cluster) => new(
        "NodeNotFound", ErrorKind.NotFound,
        $"No node of cluster '{cluster}' runs on '{fullName}'.",
        "Get-ClusterNode shows the ResourceId of each node.", resourceId);

    /// <summary>A name without a namespace fits workloads in several.</summary>
    public static ChaosException WorkloadAmbiguous(string name, IEnumerable<string> candidates) => new(
        "WorkloadAmbiguous", ErrorKind.InvalidArgument,
        $"'{name}' is the name of several workloads: {List(candidates)}. Nothing was changed.",
        "Say which with -Namespace, or pipe it in from Get-PodDistribution.", name);

    /// <summary>A question has to be answered, and the host cannot show it.</summary>
    public static ChaosException CannotAsk(string command, Exception inner) => new(
        "CannotAsk", ErrorKind.Refused,
        $"{command} has to ask before it changes anything, and this host cannot show the question. Nothing was changed.",
        "Say -Confirm:$false where nobody can answer.", null, inner);

    /// <summary>A change would go to a cluster that nobody chose, and nobody can be asked.</summary>
    public static ChaosException ImplicitContext(string context, Exception inner) => new(
        "ImplicitContext", ErrorKind.Refused,
        $"The session has chosen no cluster: '{context}' is only the kubeconfig's current context, and this host cannot ask whether it is meant. Nothing was changed.",
        $"Choose it first: Connect-ChaosCluster -Context '{context}'.", context, inner);

    /// <summary>Two switches that exclude each other.</summary>
    public static ChaosException DeallocateShutsDown() => new(
        "DeallocateShutsDown", ErrorKind.InvalidArgument,
        "-SkipShutdown goes with a power-off only: Azure always shuts the guest down when it deallocates.",
        "Leave out -Deallocate or -SkipShutdown.", null);
}
