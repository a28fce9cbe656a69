using System.Text;
using ChaosPS.Errors;
using ChaosPS.Ports;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Providers.Tests.Yaml;

public sealed class YamlDocumentReaderTests
{
    [Fact]
    public void Nodes_know_where_they_stand()
    {
        var root = (DocumentMapping)Documents.Read("title: x\nmethod:\n  - name: stop\n    pauses: {after: 15}\n");

        var method = (DocumentSequence)root["method"]!;
        var step = (DocumentMapping)method.Items[0];
        var pauses = (DocumentMapping)step["pauses"]!;
        Assert.Equal((1, 1), (root.Line, root.Column));
        Assert.Equal((3, 3), (method.Line, method.Column));
        Assert.Equal((3, 5), (step.Line, step.Column));
        Assert.Equal((4, 13), (pauses.Line, pauses.Column));
        Assert.Equal((4, 21), (pauses["after"]!.Line, pauses["after"]!.Column));
    }

    [Fact]
    public void All_documents_of_a_stream_are_read_and_share_no_anchors()
    {
        var reader = new ChaosPS.Providers.Yaml.YamlDocumentReader();

        var documents = reader.ReadAll("---\na: &x 1\n---\n# nothing\n---\n- b\n...\n", "all.yaml");

        Assert.Equal(["{\"a\": 1}", "null", "[\"b\"]"], documents.Select(Documents.Show));
        Assert.Equal((6, 1), (documents[2].Line, documents[2].Column));
        Assert.Empty(reader.ReadAll("", "all.yaml"));
        Assert.Single(reader.ReadAll("{}", "one.json"));
        var error = Assert.Throws<ChaosException>(() => reader.ReadAll("a: &x 1\n---\nb: *x\n", "all.yaml"));
        Assert.StartsWith("all.yaml(3,4): ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "null")]
    [InlineData("# only a comment\n", "null")]
    [InlineData("---\n...\n", "null")]
    [InlineData("\ufeffa: 1", "{\"a\": 1}")]
    [InlineData("a: 1\r\nb: 2\r\n", "{\"a\": 1, \"b\": 2}")]
    [InlineData("a: |\n  one\n   two\nb: >-\n  three\n  four\n", "{\"a\": \"one\\n two\\n\", \"b\": \"three four\"}")]
    [InlineData("[a, {b: c}, [d]]", "[\"a\", {\"b\": \"c\"}, [\"d\"]]")]
    [InlineData("{\"a\":1}", "{\"a\": 1}")]
    [InlineData("? a\n: b\n", "{\"a\": \"b\"}")]
    [InlineData("a:\n- 1\n- 2\n", "{\"a\": [1, 2]}")]
    public void Documents_are_read(string text, string expected) => Assert.Equal(expected, Documents.Show(Documents.Read(text)));

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", "{\"a\": 3, \"b\": 2}")]
    [InlineData("{1: a, true: b}", "{1: \"b\"}")]
    [InlineData("{1: a, '1': b, 1.0: c}", "{1: \"c\", \"1\": \"b\"}")]
    [InlineData("{~: a, null: b}", "{null: \"b\"}")]
    public void Of_equal_keys_the_last_value_counts(string text, string expected) => Assert.Equal(expected, Documents.Show(Documents.Read(text)));

    [Fact]
    public void An_alias_is_the_node_of_its_anchor()
    {
        var root = (DocumentMapping)Documents.Read("a: &x {b: 1}\nc: *x\n");

        Assert.Same(root["a"], root["c"]);
    }

    [Theory]
    [InlineData("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n", "{\"x\": 1, \"y\": 3}")]
    [InlineData("base: &b {x: 1, y: 2}\nuse:\n  y: 3\n  <<: *b\n", "{\"x\": 1, \"y\": 3}")]
    [InlineData("base: &b {x: 1}\nuse:\n  <<: [*b, {x: 2, z: 4}]\n", "{\"x\": 1, \"z\": 4}")]
    [InlineData("use: {'<<': 1}", "{\"<<\": 1}")]
    public void Merge_keys_bring_in_what_the_mapping_does_not_say_itself(string text, string expected) =>
        Assert.Equal(expected, Documents.Show(((DocumentMapping)Documents.Read(text))["use"]!));

    [Theory]
    [InlineData("a: [1, 2", 2, 1, "did not find expected ',' or ']'")]
    [InlineData("a: b: c", 1, 5, "found invalid mapping")]
    [InlineData("a: 1\nb: *x", 2, 4, "no anchor '&x' stands before this alias")]
    [InlineData("a: &x [*x]", 1, 8, "'*x' stands for something that it is part of")]
    [InlineData("a: 1\n---\nb: 2", 2, 1, "a second document begins here, and only one is read")]
    [InlineData("? [a]\n: b", 1, 3, "a key must be a scalar")]
    [InlineData("a:\n  <<: 3", 2, 7, "'<<' merges a mapping or a sequence of mappings")]
    [InlineData("a: !x {}", 1, 4, "the tag '!x' is unknown")]
    [InlineData("a: !!set {b}", 1, 4, "the tag '!!set' is not supported here")]
    [InlineData("a:\n\t- b", 2, 1, "a tab stands where YAML wants spaces")]
    [InlineData("a:\tb", 1, 3, "a tab stands where YAML wants spaces")]
    [InlineData("a: b\tc", 1, 5, "a tab stands where YAML wants spaces")]
    [InlineData("x: 1\r\na: {\r\n\tb: c}", 3, 1, "a tab stands where YAML wants spaces")]
    [InlineData("a: 1\nb: \u0007", 2, 4, "the character U+0007 is not allowed in YAML")]
    [InlineData("a: @b", 1, 4, "found character that cannot start any token")]
    public void A_mistake_is_named_with_file_line_column_and_reason(string text, int line, int column, string reason)
    {
        var error = Documents.Error(text, "stop-node.yaml");

        Assert.Equal($"stop-node.yaml({line},{column}): {reason}.", error.Message);
        Assert.Equal(ErrorKind.InvalidData, error.Kind);
    }

    [Fact]
    public void Tabs_inside_quotes_blocks_and_comments_are_text() =>
        Assert.Equal("{\"a\": \"q\\tq\", \"b\": \"x\\ty\\n\"}", Documents.Show(Documents.Read("a: \"q\tq\" #\tc\nb: |\n  x\ty\n")));

    [Fact]
    public void Deep_nesting_is_refused_before_it_can_do_harm() =>
        Assert.Contains("nested deeper than 200 levels", Documents.Error(new string('[', 300) + new string(']', 300)).Message, StringComparison.Ordinal);

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x]\n");
        for (var level = 1; level < 40; level++) text.Append($"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n");

        Assert.Contains("more than 1000000 nodes", Documents.Error(text.ToString()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1\nb: 2\n", 2)]
    [InlineData("title: x\nmethod: [a, {b: 1\nrollbacks: []\n", 3)]
    [InlineData("a: {b: [1}\nc: 2\n", 1)]
    public void A_bracket_that_is_not_closed_is_named_near_where_it_is_missed(string text, int line)
    {
        var error = Documents.Error(text);

        Assert.Matches($@"^experiment\.yaml\({line},\d+\): ", error.Message);
        Assert.DoesNotContain("state of the object", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\": [1, 2.5, 1e3, true, null, \"x\\u00e9\"], \"b\": 92233720368547758070}", "{\"a\": [1, double 2.5, double 1000, true, null, \"xé\"], \"b\": 92233720368547758070}")]
    [InlineData("{\"a\": 1, \"b\": 2, \"a\": 3}", "{\"a\": 3, \"b\": 2}")]
    [InlineData("\ufeff[]", "[]")]
    [InlineData("\"yes\"", "\"yes\"")]
    public void Json_is_read_by_its_own_rules(string text, string expected) => Assert.Equal(expected, Documents.Show(Documents.Read(text, "x.JSON")));

    [Fact]
    public void Nodes_of_json_know_where_they_stand()
    {
        var root = (DocumentMapping)Documents.Read("{\n  \"é😀\": \"x\", \"b\": [\n    7]}", "x.json");

        Assert.Equal((2, 3), (root.Entries[0].Key.Line, root.Entries[0].Key.Column));
        Assert.Equal((2, 10), (root.Entries[0].Value.Line, root.Entries[0].Value.Column));
        var item = ((DocumentSequence)root["b"]!).Items[0];
        Assert.Equal((3, 5), (item.Line, item.Column));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{\n  \"a\": yes}", 2, 8)]
    [InlineData("{\"a\": 1,}", 1, 9)]
    [InlineData("[1] [2]", 1, 5)]
    [InlineData("{\"a\": 010}", 1, 8)]
    [InlineData("[\"é\", x]", 1, 7)]
    [InlineData("[\"\\ud800\"]", 1, 2)]
    public void A_mistake_in_json_is_named_with_line_and_column(string text, int line, int column) =>
        Assert.StartsWith($"x.json({line},{column}): ", Documents.Error(text, "x.json").Message, StringComparison.Ordinal);

    [Fact]
    public void Half_a_surrogate_pair_is_refused_where_it_stands() =>
        Assert.StartsWith("x.json(1,4): ", Documents.Error("[\"a\ud800\"]", "x.json").Message, StringComparison.Ordinal);

    [Fact]
    public void What_even_the_scanner_does_not_foresee_is_refused_beside_a_tab_too() =>
        Assert.Equal("DocumentInvalid", Documents.Error(": [\t--\u2028x", "x.yaml").ErrorId);

    [Property(MaxTest = 500)]
    public Property No_text_throws_anything_but_the_foreseen_error()
    {
        var pieces = Gen.Elements(
            "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", " ", "\t", "{", "}", "[", "]", ",", "&x ", "*x", "<<: ", "!", "!!int ", "!<x> ", "|", ">-2", "'", "\"", "\\",
            "#", "%YAML 1.1\n", "%TAG ! x\n", "---", "...", "~", "1:30", "0x", "2020-01-01", "\u0085", "\u2028", "\ud83d", "\ude00", "\0", "\ufeff", "@", "`", "yes", "é");
        var text = Gen.ListOf(pieces).Select(list => string.Concat(list));
        return Prop.ForAll(text.ToArbitrary(), candidate =>
        {
            foreach (var source in new[] { "x.yaml", "x.json" })
            {
                try
                {
                    Documents.Read(candidate, source);
                }
                catch (ChaosException exception)
                {
                    Assert.Equal("DocumentInvalid", exception.ErrorId);
                }
            }
        });
    }
}
