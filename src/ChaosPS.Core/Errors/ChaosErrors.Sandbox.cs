namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>No sandbox has that name.</summary>
    public static ChaosException SandboxNotFound(string name, IEnumerable<string> builtIn) => new(
        "SandboxNotFound", ErrorKind.NotFound,
        $"There is no sandbox '{name}'. Built in: {List(builtIn)}.",
        "New-ChaosSandbox contactsapp makes the built-in one.", name);
}
