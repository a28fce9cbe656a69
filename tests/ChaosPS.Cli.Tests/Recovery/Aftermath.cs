using ChaosPS.Safety;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>What a sandbox looks like when all runs on it are said to be put back.</summary>
internal static class Aftermath
{
    /// <summary>What is not as it was before; empty when everything is.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(WatchedSandbox sandbox, IReadOnlyList<string> before)
    {
        List<string> problems = [];
        if (await sandbox.SilentAsync() is { Count: > 0 } silent) problems.Add($"nothing has been heard of {string.Join(", ", silent)} since");
        await CompareAsync("at once");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(90)); // what was only not noticed yet would be by now
        await CompareAsync("after a while");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(15));
        if (await sandbox.UnreadyAsync() is { Count: > 0 } unready) problems.Add($"not ready: {string.Join(", ", unready)}");
        var again = await sandbox.RestoreAsync();
        if (again.ExitCode != 0 || !again.Output.Contains("Nothing is left to put back.", StringComparison.Ordinal))
            problems.Add($"a further restore ended with {again.ExitCode}: {again.Output}{again.Error}");
        problems.AddRange(sandbox.Runs.List().Where(static left => left.State != RunState.Ended).Select(static left => $"{left.RunId} is {left.State}"));
        return problems;

        async Task CompareAsync(string when)
        {
            var after = await sandbox.LookAsync();
            string[] different = [.. after.Except(before), .. before.Except(after).Select(static line => $"not {line}")];
            if (different.Length > 0) problems.Add($"{when}: {string.Join(", ", different)}");
        }
    }
}
