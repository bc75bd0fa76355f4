using Shouldly;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class AmountTests
{
    [Theory]
    [InlineData("19.99", "19.99")]
    [InlineData("19,99", "19.99")]
    [InlineData("5,5", "5.5")]
    [InlineData(",5", "0.5")]
    [InlineData(" 7 ", "7")]
    [InlineData("35.00", "35")]
    [InlineData("007", "7")]
    [InlineData("1,234.56", "1234.56")]
    [InlineData("1.234,56", "1234.56")]
    [InlineData("1,000,000", "1000000")]
    [InlineData("1.000.000", "1000000")]
    [InlineData("1 000", "1000")]
    [InlineData("1 000 000,50", "1000000.5")]
    [InlineData("1'000", "1000")]
    [InlineData("1’000.50", "1000.5")]
    // What is no amount is judged by who asks for one.
    [InlineData("-1", "-1")]
    [InlineData("$5", "$5")]
    [InlineData("1e3", "1e3")]
    [InlineData("many", "many")]
    [InlineData("99999999999999999999999999999999", "99999999999999999999999999999999")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void An_amount_that_means_one_thing_is_read_in_either_language(string? typed, string? amount)
    {
        foreach (var culture in Cultures.All)
            Cultures.Say(culture, () => (Amount.TryRead(typed, out var read), read)).ShouldBe((true, amount), culture.Name);
    }

    [Theory]
    [InlineData("1,000", "1000", null)]
    [InlineData("1.000", null, "1000")]
    [InlineData("999,999", "999999", null)]
    [InlineData("0.125", null, null)]
    [InlineData("1.0000", null, null)]
    [InlineData("1000.000", null, null)]
    [InlineData("1,00,000", null, null)]
    [InlineData("1,000.000", null, null)]
    [InlineData("1.", null, null)]
    public void An_amount_that_could_mean_two_things_is_read_as_its_language_writes_it_or_not_at_all(string typed, string? english, string? german)
    {
        Read(Cultures.English).ShouldBe(english);
        Read(Cultures.German).ShouldBe(german);

        string? Read(System.Globalization.CultureInfo culture) =>
            Cultures.Say(culture, () => Amount.TryRead(typed, out var amount) ? amount : null);
    }
}
