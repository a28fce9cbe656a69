namespace ChaosPS.Providers.Tests.Yaml;

/// <summary>The scalars of YAML 1.1 as PyYAML reads them.</summary>
public sealed class YamlScalarTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("No", "false")]
    [InlineData("ON", "true")]
    [InlineData("off", "false")]
    [InlineData("True", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("y", "\"y\"")]
    [InlineData("n", "\"n\"")]
    [InlineData("tRue", "\"tRue\"")]
    [InlineData("'yes'", "\"yes\"")]
    public void Booleans(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("42", "42")]
    [InlineData("+42", "42")]
    [InlineData("010", "8")]
    [InlineData("-010", "-8")]
    [InlineData("0o10", "\"0o10\"")]
    [InlineData("08", "\"08\"")]
    [InlineData("1_000", "1000")]
    [InlineData("0b1010_1", "21")]
    [InlineData("0x1F", "31")]
    [InlineData("1:30", "90")]
    [InlineData("190:20:30", "685230")]
    [InlineData("1:60", "\"1:60\"")]
    [InlineData("0:30", "\"0:30\"")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("92233720368547758070", "92233720368547758070")]
    [InlineData("1,000", "\"1,000\"")]
    public void Integers(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("1.5", "double 1.5")]
    [InlineData("1.", "double 1")]
    [InlineData(".5", "double 0.5")]
    [InlineData("-.5", "\"-.5\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("1.0e3", "\"1.0e3\"")]
    [InlineData("1.0e+3", "double 1000")]
    [InlineData("1_0.5", "double 10.5")]
    [InlineData("1:30.5", "double 90.5")]
    [InlineData(".inf", "double Infinity")]
    [InlineData("-.INF", "double -Infinity")]
    [InlineData(".NaN", "double NaN")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData(".", "\".\"")]
    public void Floats(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("", "null")]
    [InlineData("~", "null")]
    [InlineData("null", "null")]
    [InlineData("Null", "null")]
    [InlineData("nULL", "\"nULL\"")]
    [InlineData("''", "\"\"")]
    public void Nulls(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("2020-01-01", "date 2020-01-01")]
    [InlineData("2020-01-01 00:00:00", "time 2020-01-01T00:00:00.0000000")]
    [InlineData("2001-12-14t21:59:43.10-05:00", "time 2001-12-14T21:59:43.1000000-05:00")]
    [InlineData("2001-12-14 21:59:43.1234567 Z", "time 2001-12-14T21:59:43.1234560+00:00")]
    [InlineData("2001-2-4 1:05:09 +1", "time 2001-02-04T01:05:09.0000000+01:00")]
    [InlineData("2001-2-4", "\"2001-2-4\"")]
    [InlineData("'2020-01-01'", "\"2020-01-01\"")]
    public void Times(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!int '0x10'", "16")]
    [InlineData("!!float '1e3'", "double 1000")]
    [InlineData("!!float 3", "double 3")]
    [InlineData("!!bool 'YES'", "true")]
    [InlineData("!!null x", "null")]
    [InlineData("! '12'", "12")]
    [InlineData("=", "\"=\"")]
    public void Tags(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("!!int abc", "'abc' is not a valid int")]
    [InlineData("!!bool perhaps", "'perhaps' is not a valid bool")]
    [InlineData("0x_", "'0x_' is not a valid int")]
    [InlineData("2020-13-45", "'2020-13-45' is not a valid timestamp")]
    [InlineData("!!python/object:os.system x", "'x' is not a valid python/object:os.system")]
    [InlineData("!!binary aGk=", "'aGk=' is not a valid binary")]
    [InlineData("!secret x", "the tag '!secret' is unknown")]
    public void What_cannot_be_read_is_refused(string text, string reason) =>
        Assert.Contains(reason, Documents.Error("a: " + text).Message, StringComparison.Ordinal);

    private static void Check(string text, string expected) => Assert.Equal($"{{\"a\": {expected}}}", Documents.Show(Documents.Read($"a: {text}\n")));
}
