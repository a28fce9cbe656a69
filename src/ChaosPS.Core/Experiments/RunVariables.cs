using ChaosPS.Errors;

namespace ChaosPS.Experiments;

/// <summary>Reads variables as the command line gives them.</summary>
public static class RunVariables
{
    /// <summary>Reads <c>name=value</c> or <c>name:type=value</c>.</summary>
    /// <param name="text">The text; of several colons in the name the last one precedes the type.</param>
    /// <exception cref="ChaosException">It has no <c>=</c>, or the value is not of the type: id <c>VariableTextInvalid</c>.</exception>
    public static KeyValuePair<string, object?> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1) throw ChaosErrors.VariableTextInvalid(text, "it has no name and '='");
        var (name, value) = (text[..equals], text[(equals + 1)..]);
        var colon = name.LastIndexOf(':');
        if (colon < 0) return KeyValuePair.Create(name, (object?)value);
        try
        {
            return KeyValuePair.Create(name[..colon], TypedText.Convert(name[(colon + 1)..], value));
        }
        catch (FormatException exception)
        {
            throw ChaosErrors.VariableTextInvalid(text, exception.Message);
        }
    }
}
