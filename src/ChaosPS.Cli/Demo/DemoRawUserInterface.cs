using System.Management.Automation.Host;

namespace ChaosPS.Cli.Demo;

/// <summary>A screen of 120 columns, so that the tables look the same everywhere. It only has a size: nothing moves a cursor on it.</summary>
internal sealed class DemoRawUserInterface : PSHostRawUserInterface
{
    private static readonly Size s_size = new(120, 50);

    public override Size BufferSize { get; set; } = s_size;

    public override Size WindowSize { get; set; } = s_size;

    public override Size MaxWindowSize => s_size;

    public override Size MaxPhysicalWindowSize => s_size;

    public override Coordinates CursorPosition { get; set; }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override string WindowTitle { get; set; } = "ChaosPS demo";

    public override bool KeyAvailable => false;

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw NoScreen();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoScreen();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoScreen();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NoScreen();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NoScreen();

    private static HostException NoScreen() => new("The demo's output is a stream: it has no keys and no cells.");
}
