using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>A host that keeps what it is told, and asks nobody: questions get the answer that was set, or cannot be shown.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly RecordingUI _ui = new();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "ChaosPS tests";

    public override PSHostUserInterface UI => _ui;

    public override Version Version { get; } = new(1, 0);

    /// <summary>Everything that was written so far.</summary>
    public string Text => _ui.Text;

    /// <summary>The columns of its screen: 120 unless said otherwise.</summary>
    public int Width
    {
        set => _ui.RawUI.BufferSize = _ui.RawUI.WindowSize = new Size(value, 50);
    }

    /// <summary>Whether its terminal was closed: it then throws whenever something is written.</summary>
    public bool Closed
    {
        set => _ui.Closed = value;
    }

    /// <summary>The choice that every question gets, by its place; null when there is nobody to ask.</summary>
    public int? Choice
    {
        set => _ui.Choice = value;
    }

    /// <summary>The choices that the next questions get, one each, by their places.</summary>
    public IEnumerable<int> Choices
    {
        set => _ui.Choices = new Queue<int>(value);
    }

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }

    private sealed class RecordingUI : PSHostUserInterface
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_lock) return _text.ToString();
            }
        }

        public int? Choice { get; set; }

        public Queue<int> Choices { get; set; } = [];

        public bool Closed { get; set; }

        public override PSHostRawUserInterface RawUI { get; } = new WideRawUI();

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException();

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            if (!Choices.TryDequeue(out var choice)) choice = Choice ?? throw new NotSupportedException();
            WriteLine($"{caption}: {message}");
            return choice;
        }

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new NotSupportedException();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            throw new NotSupportedException();

        public override string ReadLine() => throw new NotSupportedException();

        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        public override void Write(string value)
        {
            if (Closed) throw new IOException("Input/output error");
            lock (_lock) _text.Append(value);
        }

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

        public override void WriteDebugLine(string message) => WriteLine($"DEBUG: {message}");

        public override void WriteErrorLine(string value) => WriteLine(value);

        public override void WriteLine(string value) => Write(value + "\n");

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override void WriteVerboseLine(string message) => WriteLine($"VERBOSE: {message}");

        public override void WriteWarningLine(string message) => WriteLine($"WARNING: {message}");
    }
}
