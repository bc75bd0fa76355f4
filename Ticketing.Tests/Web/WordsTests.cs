using Shouldly;
using Ticketing.Web.Pages;
using Xunit;

namespace Ticketing.Tests.Web;

public sealed class WordsTests
{
    [Theory]
    [InlineData("19.99", "usd", "$19.99")]
    [InlineData("1000000", "usd", "$1,000,000.00")]
    [InlineData("5", "EUR", "€5.00")]
    [InlineData("5.5", "gbp", "£5.50")]
    [InlineData("5", "sek", "5.00 SEK")]
    public void An_amount_has_its_currency_and_two_decimals(string amount, string currency, string words) =>
        Words.Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency).ShouldBe(words);

    [Theory]
    [InlineData(0, "None left right now")]
    [InlineData(1, "1 ticket left")]
    [InlineData(4000, "4,000 tickets left")]
    public void What_is_left_is_said_in_words(int available, string words) => Words.Left(available).ShouldBe(words);
}
