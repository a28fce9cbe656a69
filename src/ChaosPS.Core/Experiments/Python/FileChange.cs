using ChaosPS.Safety;

namespace ChaosPS.Experiments.Python;

/// <summary>A change of files on this machine.</summary>
/// <param name="Verb">What is done, in a word.</param>
/// <param name="Path">The whole path of what it is done to.</param>
internal abstract record FileChange(string Verb, string Path)
{
    /// <summary>Where it is put; null where it stays or goes.</summary>
    public virtual string? Destination => null;

    /// <summary>Whether something is at a path: a file, a directory, or a link, to nothing too.</summary>
    public static bool IsThere(string path) => System.IO.Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>Whether it loses what is not of this run.</summary>
    public abstract bool Loses(FileForecast forecast);

    /// <summary>What goes to the recovery log first; null when there is nothing to do.</summary>
    /// <param name="irreversible">Whether what it takes away is not of this run.</param>
    /// <exception cref="Errors.ChaosException">It cannot be done: id <c>PythonFunctionFailed</c>.</exception>
    public abstract ChangeIntent? Intent(bool irreversible);

    /// <summary>Does it.</summary>
    public abstract void Make();

    /// <summary>A path as Python shows it.</summary>
    protected static string Shown(string path) => PythonValue.Repr(path);
}

/// <summary>A file is removed; or a directory with all that is in it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="IsTree">Whether it is a directory.</param>
internal sealed record FileRemoval(string Path, bool IsTree) : FileChange("remove", Path)
{
    /// <inheritdoc/>
    public override bool Loses(FileForecast forecast) => forecast.Of(Path) == Presence.Original;

    /// <inheritdoc/>
    public override ChangeIntent Intent(bool irreversible)
    {
        if (!IsThere(Path)) throw PythonErrors.NotFound(Shown(Path));
        var isFolder = Directory.Exists(Path) && new DirectoryInfo(Path).LinkTarget is null;
        if (isFolder && !IsTree) throw PythonErrors.IsDirectory(Shown(Path));
        if (!isFolder && IsTree) throw PythonErrors.IsNoDirectory(Shown(Path));
        return new FileRemoveIntent(Environment.MachineName, Path, irreversible);
    }

    /// <inheritdoc/>
    public override void Make()
    {
        if (IsTree) Directory.Delete(Path, recursive: true);
        else File.Delete(Path);
    }
}

/// <summary>A file or directory gets another name or place.</summary>
/// <param name="Path">Its path.</param>
/// <param name="To">Its path afterwards.</param>
internal sealed record FileMove(string Path, string To) : FileChange("rename", Path)
{
    /// <inheritdoc/>
    public override string Destination => To;

    /// <inheritdoc/>
    public override bool Loses(FileForecast forecast) => Path != To && forecast.Of(To) == Presence.Original;

    /// <inheritdoc/>
    public override ChangeIntent? Intent(bool irreversible)
    {
        if (!IsThere(Path)) throw PythonErrors.NotFound($"{Shown(Path)} -> {Shown(To)}");
        if (Path == To) return null;
        if (Directory.Exists(To)) throw Directory.Exists(Path) ? PythonErrors.Exists($"{Shown(Path)} -> {Shown(To)}") : PythonErrors.IsDirectory($"{Shown(Path)} -> {Shown(To)}");
        if (Directory.Exists(Path) && IsThere(To)) throw PythonErrors.IsNoDirectory($"{Shown(Path)} -> {Shown(To)}");
        return new FileMoveIntent(Environment.MachineName, Path, To, irreversible);
    }

    /// <inheritdoc/>
    public override void Make() => Move(Path, To);

    /// <summary>Moves a file or a directory. What stands there is overwritten.</summary>
    public static void Move(string from, string to)
    {
        if (Directory.Exists(from)) Directory.Move(from, to);
        else File.Move(from, to, overwrite: true);
    }
}

/// <summary>A directory is made.</summary>
/// <param name="Path">Its path.</param>
/// <param name="WithParents">Whether those around it are made too.</param>
/// <param name="MayExist">Whether it may be there already.</param>
internal sealed record FolderCreation(string Path, bool WithParents, bool MayExist) : FileChange("create", Path)
{
    /// <inheritdoc/>
    public override bool Loses(FileForecast forecast) => false;

    /// <inheritdoc/>
    public override ChangeIntent? Intent(bool irreversible)
    {
        if (IsThere(Path)) return MayExist && Directory.Exists(Path) ? null : throw PythonErrors.Exists(Shown(Path));
        List<string> missing = [Path];
        for (var parent = System.IO.Path.GetDirectoryName(Path); parent is not null && !Directory.Exists(parent); parent = System.IO.Path.GetDirectoryName(parent)) missing.Add(parent);
        if (missing.Count > 1 && !WithParents) throw PythonErrors.NotFound(Shown(Path));
        return new FolderIntent(Environment.MachineName, missing, Made: true);
    }

    /// <inheritdoc/>
    public override void Make() => Directory.CreateDirectory(Path);
}

/// <summary>An empty directory is removed.</summary>
/// <param name="Path">Its path.</param>
internal sealed record FolderRemoval(string Path) : FileChange("remove", Path)
{
    /// <inheritdoc/>
    public override bool Loses(FileForecast forecast) => false;

    /// <inheritdoc/>
    public override ChangeIntent Intent(bool irreversible)
    {
        if (!IsThere(Path)) throw PythonErrors.NotFound(Shown(Path));
        if (!Directory.Exists(Path)) throw PythonErrors.IsNoDirectory(Shown(Path));
        if (Directory.EnumerateFileSystemEntries(Path).Any()) throw PythonErrors.NotEmpty(Shown(Path));
        return new FolderIntent(Environment.MachineName, [Path], Made: false);
    }

    /// <inheritdoc/>
    public override void Make() => Directory.Delete(Path);
}
