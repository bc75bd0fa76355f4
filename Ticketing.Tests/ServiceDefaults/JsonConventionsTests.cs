using System.Text.Json;
using Shouldly;
using Ticketing.Contracts;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class JsonConventionsTests
{
    private sealed record Priced(decimal Price);

    private sealed record Timed(DateTimeOffset At);

    private sealed record Change(Optional<string> Title);

    [Theory]
    [InlineData("19.99", 1999)]
    [InlineData("\"19.99\"", 1999)]
    [InlineData("0.01", 1)]
    [InlineData("20", 2000)]
    [InlineData("20.0", 2000)]
    [InlineData("\"1000000\"", 100000000)]
    [InlineData("1.10", 110)]
    [InlineData("-1", -100)]
    public void A_price_is_read_exactly_from_a_number_or_a_numeric_string(string json, long minorUnits) =>
        Money.ToMinorUnits(Read(json)).ShouldBe(minorUnits);

    [Theory]
    [InlineData("19.999")]
    [InlineData("0.001")]
    [InlineData("\"1.005\"")]
    public void More_than_two_decimals_are_no_amount_of_money(string json) => Money.ToMinorUnits(Read(json)).ShouldBeNull();

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("\"ten\"")]
    [InlineData("\"1,000\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"\\u0031\"")]
    [InlineData("1e2")]
    [InlineData("1e400")]
    [InlineData("19.99000000000000000000000000000000001")]
    [InlineData("99999999999999999999999999999999")]
    public void Anything_else_is_refused(string json) => Should.Throw<JsonException>(() => Read(json));

    [Fact]
    public void Every_amount_of_cents_survives_the_way_out_and_back()
    {
        for (var minor = 0L; minor <= 100_000; minor++)
            Money.ToMinorUnits(Read(JsonSerializer.Serialize(Money.FromMinorUnits(minor), JsonConventions.Options))).ShouldBe(minor);
    }

    [Fact]
    public void Amounts_that_do_not_fit_are_none() => Money.ToMinorUnits(decimal.MaxValue).ShouldBeNull();

    [Theory]
    [InlineData("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000000Z")]
    [InlineData("2026-11-21T10:00:00.1234567+01:00", "2026-11-21T09:00:00.123456Z")]
    public void Times_are_written_in_UTC_with_microseconds(string read, string written)
    {
        var time = JsonSerializer.Deserialize<Timed>($$"""{"at":"{{read}}"}""", JsonConventions.Options)!;

        JsonSerializer.Serialize(time, JsonConventions.Options).ShouldBe($$"""{"at":"{{written}}"}""");
    }

    [Theory]
    [InlineData("""{"at":1}""")]
    [InlineData("""{"at":"tomorrow"}""")]
    [InlineData("""{"at":null}""")]
    public void What_is_no_time_is_refused(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Timed>(json, JsonConventions.Options));

    [Fact]
    public void A_field_that_is_left_out_differs_from_one_that_is_null()
    {
        var leftOut = JsonSerializer.Deserialize<Change>("{}", JsonConventions.Options)!;
        var cleared = JsonSerializer.Deserialize<Change>("""{"title":null}""", JsonConventions.Options)!;
        var given = JsonSerializer.Deserialize<Change>("""{"title":"New"}""", JsonConventions.Options)!;

        leftOut.Title.Or("Old").ShouldBe("Old");
        cleared.Title.Or("Old").ShouldBeNull();
        given.Title.Or("Old").ShouldBe("New");
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Priced>("""{"price":1,"price":2}""", JsonConventions.Options));

    private static decimal Read(string json) =>
        JsonSerializer.Deserialize<Priced>($$"""{"price":{{json}}}""", JsonConventions.Options)!.Price;
}
