using System.Text;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Serving;

/// <summary>The kubeconfig of a served sandbox: a file that is there as long as the sandbox is.</summary>
/// <remarks>
/// A file with anything else in it is never written over: it may be somebody's way to real clusters. Ours begin with a mark that every tool which
/// rewrites a kubeconfig takes out, so what others have changed is theirs.
/// </remarks>
public sealed class SandboxKubeConfig : IDisposable
{
    private const string Mark = "# The kubeconfig of a ChaosPS sandbox";

    private readonly string _path;
    private readonly string _text;

    private SandboxKubeConfig(string path, string text)
    {
        _path = path;
        _text = text;
    }

    /// <summary>
    /// Takes away what an earlier sandbox left at a path, so that whoever waits for the file waits for the sandbox that begins.
    /// </summary>
    /// <exception cref="ChaosException">
    /// The file is somebody else's: id <c>KubeConfigNotOurs</c>; it cannot be read or removed: id <c>KubeConfigUnwritable</c>.
    /// </exception>
    public static void Clear(string path) => Guard(path, () =>
    {
        if (!File.Exists(path)) return false;
        if (new FileInfo(path).Length > 0 && !File.ReadAllText(path).StartsWith(Mark, StringComparison.Ordinal)) throw ChaosErrors.KubeConfigNotOurs(path);
        File.Delete(path);
        return true;
    });

    /// <summary>Writes the file, all at once, for its user's eyes only.</summary>
    /// <param name="path">Where.</param>
    /// <param name="sandbox">A sandbox that is served.</param>
    /// <exception cref="ChaosException">Ids <c>KubeConfigNotOurs</c>, <c>KubeConfigUnwritable</c>.</exception>
    public static SandboxKubeConfig Write(string path, ChaosSandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        Clear(path);
        var text = Text(sandbox);
        return Guard(path, () =>
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options)) file.Write(Encoding.UTF8.GetBytes(text));
            File.Move(temporary, path, overwrite: true);
            return new SandboxKubeConfig(path, text);
        });
    }

    /// <summary>Removes the file, unless it is another one by now.</summary>
    public void Dispose()
    {
        try
        {
            if (File.Exists(_path) && File.ReadAllText(_path) == _text) File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is of no use any more, and of no harm: the next sandbox that is given this path takes it away.
        }
    }

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.KubeConfigUnwritable(path, exception);
        }
    }

    private static string Text(ChaosSandbox sandbox)
    {
        var name = JsonSerializer.Serialize(sandbox.Name); // a JSON string is a YAML one
        return $"""
            {Mark}. It goes when the sandbox goes.
            apiVersion: v1
            kind: Config
            current-context: {name}
            contexts:
            - name: {name}
              context:
                cluster: {name}
                user: {name}
            clusters:
            - name: {name}
              cluster:
                server: {sandbox.Uri!.GetLeftPart(UriPartial.Authority)}
            users:
            - name: {name}
              user:
                token: sandbox

            """.ReplaceLineEndings("\n");
    }
}
