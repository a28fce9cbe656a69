using System.Text.Json;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public class JsonPathTests
{
    private static readonly JsonElement s_recorded =
        JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cases", "jsonpath-cases.json")));

    public static IEnumerable<string> Recorded => s_recorded.GetProperty("cases").EnumerateArray().Select(static recorded => recorded.GetProperty("path").GetString()!);

    public static TheoryData<string> Paths => [.. Recorded];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_path_leads_where_the_Chaos_Toolkits_leads(string path)
    {
        var expected = s_recorded.GetProperty("cases").EnumerateArray().First(recorded => recorded.GetProperty("path").GetString() == path).GetProperty("expected");
        if (!expected.TryGetProperty("value", out var value))
        {
            Assert.Contains("column", Assert.Throws<FormatException>(() => JsonPath.Parse(path)).Message, StringComparison.Ordinal);
            return;
        }

        var matches = JsonPath.Parse(path).Match(JsonValues.FromJson(s_recorded.GetProperty("document")));

        Assert.Equal(PythonValue.Repr(JsonValues.FromJson(value)), PythonValue.Repr(matches));
    }

    [Theory]
    [InlineData("$[")]
    [InlineData("$..a")]
    [InlineData("$[?(")]
    public void A_path_without_end_is_refused(string part)
    {
        Assert.Throws<FormatException>(() => JsonPath.Parse("$" + string.Concat(Enumerable.Repeat(part[1..], 100_000))));
    }

    [Theory]
    [InlineData("""$[*][?($[*][?($[*][?($[*] = "x")])])]""")]
    [InlineData("""$[?($[*].substring($[*], $[*]) = "x")]""")]
    public void A_path_that_would_look_for_ever_is_given_up(string path)
    {
        object?[] many = [.. Enumerable.Range(0, 2000).Select(static object? (number) => (long)number)];

        var error = Assert.Throws<FormatException>(() => JsonPath.Parse(path).Match(many));

        Assert.Equal("it looks at more than 5,000,000 values", error.Message);
    }
}
