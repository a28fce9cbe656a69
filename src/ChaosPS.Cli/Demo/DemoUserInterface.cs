using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace ChaosPS.Cli.Demo;

/// <summary>Everything that PowerShell shows goes to one writer, in the order in which it is shown.</summary>
internal sealed class DemoUserInterface(TextWriter writer, bool colour) : PSHostUserInterface
{
    private string _end = "\n\n";

    public override PSHostRawUserInterface RawUI { get; } = new DemoRawUserInterface();

    public override bool SupportsVirtualTerminal => colour;

    public override void Write(string value) => Put(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Put(value);

    public override void WriteLine(string value) => Put(value + Environment.NewLine);

    public override void WriteErrorLine(string value) => WriteLine(value);

    public override void WriteWarningLine(string message) => WriteLine($"WARNING: {message}");

    public override void WriteVerboseLine(string message) => WriteLine($"VERBOSE: {message}");

    public override void WriteDebugLine(string message) => WriteLine($"DEBUG: {message}");

    /// <summary>An empty line, unless there is one already: a table brings its own.</summary>
    public void SkipLine()
    {
        if (_end != "\n\n") WriteLine("");
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => throw Unattended();

    public override SecureString ReadLineAsSecureString() => throw Unattended();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw Unattended();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw Unattended();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw Unattended();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw Unattended();

    private static HostException Unattended() => new("The demo runs unattended: nothing in it may ask.");

    /// <summary>The engine always writes colours; a host without them takes them out.</summary>
    private void Put(string text)
    {
        text = GetOutputString(text, colour);
        writer.Write(text);
        var end = _end + text.Replace("\r", "", StringComparison.Ordinal);
        _end = end[^2..];
    }
}
