using ChaosPS.Clusters;
using ChaosPS.Errors;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Clusters;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("a=b", "a=b")]
    [InlineData("a==b", "a=b")]
    [InlineData(" a = b , c != d ", "a=b,c!=d")]
    [InlineData("a=", "a=")]
    [InlineData("a", "a")]
    [InlineData("!a", "!a")]
    [InlineData("c in (x,y),!d,e!=f", "c in (x,y),!d,e!=f")]
    [InlineData("c notin ( x , y )", "c notin (x,y)")]
    [InlineData("c in (x)", "c=x")]
    [InlineData("c in (,x)", "c in (,x)")]
    [InlineData("in in (in)", "in=in")]
    [InlineData("app.kubernetes.io/name=web", "app.kubernetes.io/name=web")]
    [InlineData("cores>4,cores<9", "cores>4,cores<9")]
    public void A_selector_is_read_as_kubectl_reads_it(string text, string expected) => Assert.Equal(expected, LabelSelector.Parse(text).ToString());

    [Theory]
    [InlineData("=b", 1)]
    [InlineData("a=b,", 5)]
    [InlineData("a=b c", 5)]
    [InlineData("a===b", 4)]
    [InlineData("a in x", 6)]
    [InlineData("a in (x", 8)]
    [InlineData("a of (x)", 3)]
    [InlineData("a!b", 3)]
    [InlineData("!", 2)]
    [InlineData("a=-b", 3)]
    [InlineData("/a=b", 1)]
    [InlineData("a/b/c", 1)]
    [InlineData("cores>many", 7)]
    [InlineData("x=\"y\"", 3)]
    public void A_mistake_is_named_with_its_place(string text, int character)
    {
        var error = Assert.Throws<ChaosException>(() => LabelSelector.Parse(text));

        Assert.Equal("LabelSelectorInvalid", error.ErrorId);
        Assert.EndsWith($" at character {character}.", error.Message, StringComparison.Ordinal);
        Assert.False(LabelSelector.TryParse(text, out _));
    }

    [Fact]
    public void An_object_of_labels_and_expressions_is_one_selector()
    {
        var selector = KubernetesReader.ReadLabelSelector(Recording.Json("""
            {"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["test"]},{"key":"old","operator":"DoesNotExist"}]}
            """));

        Assert.Equal("app=web,tier!=test,!old", selector.ToString());
        Assert.True(selector.Matches(new Dictionary<string, string> { ["app"] = "web" }));
        Assert.False(selector.Matches(new Dictionary<string, string> { ["app"] = "web", ["old"] = "" }));
    }

    [Fact]
    public void An_operator_that_does_not_exist_matches_nothing()
    {
        var selector = KubernetesReader.ReadLabelSelector(Recording.Json("""{"matchExpressions":[{"key":"a","operator":"Like","values":["b"]}]}"""));

        Assert.False(selector.Matches(new Dictionary<string, string> { ["a"] = "b" }));
        Assert.False(selector.Matches(new Dictionary<string, string>()));
    }

    [Property]
    public Property Writing_and_reading_gives_the_same_selector()
    {
        var name = Gen.Elements("a", "app", "app.kubernetes.io/name", "in", "notin", "x-1_y.Z");
        var value = Gen.Elements("", "a", "b-1", "in");
        var requirement =
            from key in name
            from comparison in Gen.Elements(SelectorOperator.In, SelectorOperator.NotIn, SelectorOperator.Exists, SelectorOperator.DoesNotExist)
            from values in Gen.NonEmptyListOf(value)
            select new LabelRequirement(key, comparison, comparison is SelectorOperator.In or SelectorOperator.NotIn ? [.. values] : []);
        return Prop.ForAll(Gen.ListOf(requirement).ToArbitrary(), requirements =>
        {
            var selector = new LabelSelector([.. requirements]);
            return LabelSelector.Parse(selector.ToString()).ToString() == selector.ToString();
        });
    }

    [Property]
    public void Any_text_is_read_or_refused_with_the_reason(NonNull<string> text)
    {
        if (LabelSelector.TryParse(text.Get, out var selector)) Assert.Equal(selector.ToString(), LabelSelector.Parse(selector.ToString()).ToString());
        else Assert.Throws<ChaosException>(() => LabelSelector.Parse(text.Get));
    }
}
