using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ChaosPS.Experiments;

/// <summary>Gives a text the type that <c>env_var_type</c> or <c>--var name:type=value</c> asks for.</summary>
internal static class TypedText
{
    /// <summary>The types, both names of each.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["str", "string", "int", "integer", "float", "number", "bytes", "bool", "json"];

    /// <summary>Converts; as in the original, a default is converted too.</summary>
    /// <exception cref="FormatException">The value is none of that type, or there is no such type.</exception>
    public static object? Convert(string type, object? value)
    {
        switch (type, value)
        {
            case ("str" or "string", _): return value;
            case ("bytes", string text): return Encoding.UTF8.GetBytes(text);
            case ("bool", bool flag): return flag;
            case ("bool", string text): return text.ToUpperInvariant() is not ("FALSE" or "0" or "NO");
            case ("int" or "integer", long or BigInteger): return value;
            case ("int" or "integer", bool flag): return flag ? 1L : 0L;
            case ("int" or "integer", double number) when double.IsFinite(number): return PythonValue.From(new BigInteger(number));
            case ("int" or "integer", string text) when PythonNumber.TryInteger(text, out var number): return PythonValue.From(number);
            case ("float" or "number", double): return value;
            case ("float" or "number", bool flag): return flag ? 1.0 : 0.0;
            case ("float" or "number", long number): return (double)number;
            case ("float" or "number", BigInteger number): return (double)number;
            case ("float" or "number", string text) when PythonNumber.TryFloat(text, out var number): return number;
            case ("json", ""): return "";
            case ("json", string text): return Json(text);
            case ("json", _): return value;
        }

        throw new FormatException(Types.Contains(type)
            ? $"{PythonValue.Repr(value)} is no {type}"
            : $"'{type}' is no type of a variable: those are {string.Join(", ", Types)}");
    }

    private static object? Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonValues.FromJson(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"it is no JSON: {exception.Message}", exception);
        }
    }
}
