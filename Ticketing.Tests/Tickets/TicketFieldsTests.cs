using System.Globalization;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class TicketFieldsTests
{
    private readonly ValidationErrors errors = new();

    [Theory]
    [InlineData("0.01", 1)]
    [InlineData("19.99", 1999)]
    [InlineData("19.9", 1990)]
    [InlineData("1.1000", 110)]
    [InlineData("1000000", 100_000_000)]
    public void A_price_is_kept_in_minor_units_exactly(string price, long minorUnits)
    {
        TicketFields.Price(decimal.Parse(price, CultureInfo.InvariantCulture), errors).ShouldBe(minorUnits);
        errors.None.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.001")]
    [InlineData("19.999")]
    [InlineData("1000000.01")]
    [InlineData("79228162514264337593543950335")]
    public void A_price_out_of_range_or_with_fractions_of_a_cent_is_wrong(string? price)
    {
        TicketFields.Price(price is null ? null : decimal.Parse(price, CultureInfo.InvariantCulture), errors);
        errors.All.ShouldAllBe(error => error.Field == "price");
        errors.None.ShouldBeFalse();
    }

    [Theory]
    [InlineData("  Concert ", "Concert")]
    [InlineData("a", "a")]
    public void A_title_is_trimmed(string given, string kept)
    {
        TicketFields.Title(given, errors).ShouldBe(kept);
        errors.None.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u0085b")]
    public void A_title_that_is_empty_or_has_control_characters_is_wrong(string? title)
    {
        TicketFields.Title(title, errors);
        errors.All.ShouldAllBe(error => error.Field == "title");
        errors.None.ShouldBeFalse();
    }

    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u2800")]
    [InlineData("\u3164")]
    [InlineData("\uffa0 \u115f\u1160")]
    [InlineData("\u202e")]
    [InlineData("\u200e\u2060\ufeff\u00ad")]
    [InlineData("\u0301\ufe0f")]
    [InlineData("\U000e0041")]
    [InlineData("\U0001d159")]
    public void A_text_in_which_nobody_can_see_anything_is_wrong(string text)
    {
        TicketFields.Title(text, errors);
        TicketFields.Venue(text, errors);
        TicketFields.Description(text, errors);
        errors.All.Select(error => error.Field).Distinct().ShouldBe(["title", "venue", "description"]);
    }

    [Theory]
    [InlineData("\u202etrecnoC")]
    [InlineData("Concert \u2067")]
    [InlineData("Concert \u202c")]
    [InlineData("Concert \u2069")]
    [InlineData("\u2068\u202aConcert\u2069\u202c")]
    public void A_direction_that_does_not_end_or_never_began_is_wrong(string text)
    {
        TicketFields.Title(text, errors);
        TicketFields.Venue(text, errors);
        TicketFields.Description(text, errors);
        errors.All.Select(error => error.Field).ShouldBe(["title", "venue", "description"]);
    }

    [Theory]
    [InlineData("קונצרט")]
    [InlineData("\u200fحفلة موسيقية\u200e 2030")]
    [InlineData("\u2068שלום\u2069 & \u202bعالم\u202c")]
    [InlineData("👩‍🚀")]
    [InlineData("❤\ufe0f")]
    [InlineData("e\u0301te\u0301")]
    [InlineData("می‌خواهم")]
    public void Every_script_and_emoji_may_be_written(string text)
    {
        TicketFields.Title(text, errors).ShouldBe(text);
        TicketFields.Venue(text, errors).ShouldBe(text);
        TicketFields.Description($"{text}\n{text}", errors).ShouldBe($"{text}\n{text}");
        errors.All.ShouldBeEmpty();
    }

    [Fact]
    public void A_direction_ends_in_the_line_in_which_it_begins()
    {
        TicketFields.Description("\u2067one\ntwo\u2069", errors);
        errors.All.ShouldHaveSingleItem().Field.ShouldBe("description");
    }

    [Theory]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    public void A_title_and_a_venue_are_one_line(string text)
    {
        TicketFields.Title(text, errors);
        TicketFields.Venue(text, errors);
        errors.All.Select(error => error.Field).ShouldBe(["title", "venue"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1001)]
    public void A_limit_for_a_buyer_out_of_range_is_wrong(int? limit)
    {
        TicketFields.MaxPerBuyer(limit, errors);
        errors.All.ShouldHaveSingleItem().Field.ShouldBe("maxPerBuyer");
    }

    [Fact]
    public void Lengths_are_counted_in_characters_not_in_code_units()
    {
        TicketFields.Title(string.Concat(Enumerable.Repeat("🎫", 200)), errors);
        TicketFields.Venue(string.Concat(Enumerable.Repeat("🎫", 200)), errors);
        TicketFields.Description(new string('x', 4000), errors);
        errors.None.ShouldBeTrue();

        TicketFields.Title(new string('x', 201), errors);
        TicketFields.Venue(new string('x', 201), errors);
        TicketFields.Description(new string('x', 4001), errors);
        errors.All.Select(error => error.Field).ShouldBe(["title", "venue", "description"]);
    }

    [Fact]
    public void An_empty_venue_or_description_is_none()
    {
        TicketFields.Venue("  ", errors).ShouldBeNull();
        TicketFields.Description("", errors).ShouldBeNull();
        errors.None.ShouldBeTrue();
    }

    [Fact]
    public void A_description_has_lines_but_no_other_control_characters()
    {
        TicketFields.Description("first\r\n\tsecond", errors).ShouldBe("first\r\n\tsecond");
        errors.None.ShouldBeTrue();

        TicketFields.Description("bell\a", errors);
        errors.None.ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void A_quantity_out_of_range_is_wrong(int? quantity)
    {
        TicketFields.Quantity(quantity, errors);
        errors.All.ShouldHaveSingleItem().Field.ShouldBe("quantity");
    }

    [Theory]
    [InlineData("jpy")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("USD")]
    public void A_currency_without_hundredths_or_of_another_spelling_is_wrong(string? currency)
    {
        TicketFields.Currency(currency, errors);
        errors.All.ShouldHaveSingleItem().Field.ShouldBe("currency");
    }

    [Fact]
    public void A_start_is_kept_to_the_microsecond_and_has_an_end()
    {
        var given = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);
        TicketFields.StartsAt(given, errors).ShouldBe(given.AddTicks(-7));
        errors.None.ShouldBeTrue();

        TicketFields.StartsAt(DateTimeOffset.MaxValue, errors);
        errors.All.ShouldHaveSingleItem().Field.ShouldBe("startsAt");
    }
}
