using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>Finds the kubeconfig files as kubectl does, reads them, and never writes one.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ .</remarks>
internal static class KubeConfigFile
{
    private const string Variable = "KUBECONFIG";

    /// <summary>What is read without <c>KUBECONFIG</c>: <c>~/.kube/config</c>.</summary>
    public static string DefaultPath { get; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".kube", "config");

    /// <summary>All files as one, and what to call them in messages; null when there is none, and none was named.</summary>
    /// <param name="options">A file, if the user named one, or several as <c>KUBECONFIG</c> has them.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="defaultPath">What is read without <c>KUBECONFIG</c>.</param>
    /// <exception cref="ChaosException">A named file is missing, or a file is no kubeconfig.</exception>
    public static (KubeConfig Config, string Path)? Read(KubeConfigOptions options, Func<string, string?> environment, string defaultPath)
    {
        var files = Find(options, environment, defaultPath);
        return files.Count == 0
            ? null
            : (KubeConfig.Merge([.. files.Select(KubeConfigReader.Read)]), string.Join(Path.PathSeparator, files));
    }

    /// <summary>Where a kubeconfig was looked for in vain, for a message.</summary>
    public static string Searched(Func<string, string?> environment, string defaultPath) => environment(Variable) is { Length: > 0 } list
        ? $"{Variable} names no file that exists: {ChaosErrors.List(Split(list))}."
        : $"{Variable} is not set and there is no kubeconfig '{defaultPath}'.";

    private static List<string> Find(KubeConfigOptions options, Func<string, string?> environment, string defaultPath)
    {
        if (options.Path is { } named)
        {
            if (Exists(named)) return [Path.GetFullPath(named)];
            List<string> several = [.. Split(named).Where(Exists).Select(Path.GetFullPath)]; // as a recovery log has them
            return several.Count > 0 ? several : throw ChaosErrors.KubeConfigNotFound(named);
        }

        IEnumerable<string> candidates = environment(Variable) is { Length: > 0 } list ? Split(list) : [defaultPath];
        return [.. candidates.Where(Exists).Select(Path.GetFullPath)]; // kubectl passes over missing ones too
    }

    private static IEnumerable<string> Split(string list) => list
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(static path => OperatingSystem.IsWindows() ? path.Trim('"') : path)
        .Distinct(StringComparer.Ordinal);

    /// <summary>A folder is there too: reading it says what it is, where passing over it would hide a mistake.</summary>
    private static bool Exists(string path) => Path.Exists(path);
}
