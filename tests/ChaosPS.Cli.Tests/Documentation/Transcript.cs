using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using System.Text.RegularExpressions;
using ChaosPS.Cli.Demo;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>A console session as the documentation shows it: <c>PS&gt; </c> and a statement, then what PowerShell prints, 120 columns wide.</summary>
internal static partial class Transcript
{
    private const string Prompt = "PS> ";
    private const string Continuation = ">> ";

    /// <summary>Where the reader's clone is, on the pages.</summary>
    private const string Clone = "/home/you/ChaosPS";

    /// <summary>The transcripts of a page: each fence of PowerShell that begins with a prompt.</summary>
    public static IEnumerable<Match> Find(string markdown) => Fence().Matches(markdown);

    /// <summary>Types transcripts, one after the other, into a new session that is connected to the sandbox contactsapp, seed 1.</summary>
    public static IReadOnlyList<string> Replay(IEnumerable<string> transcripts, string repositoryRoot)
    {
        using var screen = new StringWriter { NewLine = "\n" };
        var host = new DemoHost(new DemoUserInterface(screen, colour: false));
        using var runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        runspace.SessionStateProxy.Path.SetLocation(repositoryRoot);
        using (var setUp = PowerShell.Create(runspace))
        {
            setUp.AddScript($"Import-Module '{ModuleFolder.Find(AppContext.BaseDirectory)}'; $null = New-ChaosSandbox contactsapp").Invoke();
            Assert.Empty(setUp.Streams.Error);
        }

        return [.. transcripts.Select(transcript =>
        {
            screen.GetStringBuilder().Clear();
            foreach (var statement in Statements(transcript)) Type(statement, runspace, screen);
            return Tidy(screen.ToString().Replace(repositoryRoot.TrimEnd('/', '\\'), Clone, StringComparison.Ordinal));
        })];
    }

    /// <summary>Without what cannot be seen: spaces at the ends of lines, empty lines at the end.</summary>
    public static string Tidy(string text) => TrailingSpace().Replace(text.ReplaceLineEndings("\n"), "").TrimEnd();

    private static void Type(string statement, Runspace runspace, StringWriter screen)
    {
        screen.Write(Prompt + statement.Replace("\n", "\n" + Continuation, StringComparison.Ordinal) + "\n");
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(statement);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default").Invoke();
    }

    private static IEnumerable<string> Statements(string transcript)
    {
        StringBuilder? statement = null;
        foreach (var line in transcript.Split('\n'))
        {
            if (line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                if (statement is not null) yield return statement.ToString();
                statement = new StringBuilder(line[Prompt.Length..]);
            }
            else if (line.StartsWith(Continuation, StringComparison.Ordinal))
            {
                statement!.Append('\n').Append(line.AsSpan(Continuation.Length));
            }
        }

        if (statement is not null) yield return statement.ToString();
    }

    [GeneratedRegex(@"(?<=^```powershell\n)PS> .*?(?=\n```$)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingSpace();
}
