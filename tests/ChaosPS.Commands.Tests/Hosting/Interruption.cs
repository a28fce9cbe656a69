using System.Management.Automation;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>Ctrl+C, at a chosen time of the sandbox's clock.</summary>
internal static class Interruption
{
    /// <summary>Runs <paramref name="command"/> in the engine and stops its pipeline when <paramref name="after"/> has passed on the sandbox's clock.</summary>
    /// <returns>How the pipeline ended.</returns>
    public static PSInvocationState StopAt(Engine engine, TimeSpan after, string command)
    {
        var clock = engine.Clock;
        using var shell = engine.Create($"param($onStop) {command} | Watch-Stop -OnStop $onStop");
        var reached = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? stopping = null;
        Action onStop = () => reached.TrySetResult(true);
        shell.AddParameter("onStop", onStop);

        // From the timer until the stop has reached the command, a member that only works keeps the clock where it is.
        using var timer = clock.CreateTimer(
            _ =>
            {
                Hold(clock, reached.Task);
                stopping = Task.Run(shell.Stop);
            },
            null, after, Timeout.InfiniteTimeSpan);
        try
        {
            shell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            // What a stop looks like from outside.
        }

        Assert.NotNull(stopping);
        stopping.GetAwaiter().GetResult();
        return shell.InvocationStateInfo.State;
    }

    // The clock's type is the module's, which this project does not reference.
    private static void Hold(dynamic clock, Task<bool> until)
    {
        Func<Task<bool>> work = () => until;
        clock.RunAsync<bool>(work);
    }
}
