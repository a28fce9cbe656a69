using System.CommandLine.Parsing;
using System.Globalization;

namespace ChaosPS.Cli;

/// <summary>Reads amounts that options take. What is none is an error of the command line; numbers have a point, whatever the machine's language.</summary>
internal static class Amounts
{
    /// <summary>The longest time, in seconds: 30 days.</summary>
    private const double Longest = 30 * 86400;

    /// <summary>A time in seconds.</summary>
    public static double? Seconds(ArgumentResult result) =>
        double.TryParse(Token(result), CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= Longest
            ? seconds : Refuse<double>(result, $"a number of seconds, more than 0 and at most {Longest}");

    /// <summary>A number of things, at least one.</summary>
    public static int? Count(ArgumentResult result) =>
        int.TryParse(Token(result), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1
            ? count : Refuse<int>(result, "a whole number of at least 1");

    private static string? Token(ArgumentResult result) => result.Tokens is [var token] ? token.Value : null;

    private static T? Refuse<T>(ArgumentResult result, string wanted)
        where T : struct
    {
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be {wanted}, not '{Token(result)}'.");
        return null;
    }
}
