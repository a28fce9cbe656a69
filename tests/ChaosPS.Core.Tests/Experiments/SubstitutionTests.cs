using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public class SubstitutionTests
{
    public static TheoryData<string> Cases => RecordedCase.Ids("subst");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Placeholders_are_filled_as_the_Chaos_Toolkit_fills_them(string id)
    {
        var recorded = RecordedCase.Get(id);
        var substitution = new Substitution(recorded.Map("configuration"), recorded.Map("secrets"));

        var result = substitution.Apply(recorded.Part("data"));

        Assert.Equal(PythonValue.Repr(recorded.Value), PythonValue.Repr(result));
    }

    [Fact]
    public void Without_configuration_and_secrets_even_a_double_dollar_stays_in_arguments()
    {
        Assert.Equal("$$ ${a}", new Substitution(null, null).ApplyToArguments("$$ ${a}"));
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1234567890123456.0, "1234567890123456.0")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(100.0, "100.0")]
    [InlineData(double.PositiveInfinity, "inf")]
    public void A_float_in_a_text_looks_as_in_Python(double number, string text)
    {
        Assert.Equal(text, PythonValue.Text(number));
    }

    [Fact]
    public void A_list_in_a_text_looks_as_in_Python()
    {
        object?[] list = [1L, "a", null, true, "it's", PythonValue.Map([KeyValuePair.Create("k", (object?)1.0)])];

        Assert.Equal("""[1, 'a', None, True, "it's", {'k': 1.0}]""", PythonValue.Text(list));
    }
}
