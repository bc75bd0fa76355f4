using System.Globalization;
using System.Text.Json;
using Shouldly;
using Ticketing.Contracts;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 10. A price times a hundred in floating point is not a whole number of cents: 19.99 becomes 1998.9999999999998. The
/// guard: a price is read digit by digit into a decimal, and kept as whole cents.
/// </summary>
public sealed class Flaw10FloatingMoneyTests
{
    private const long Maximum = 100_000_000;

    private static readonly JsonSerializerOptions Options = JsonConventions.Options;

    [Fact]
    public void Every_price_is_the_same_number_of_cents_on_its_whole_way() =>
        Prices().Where(cents => OnItsWay(cents) != cents).ShouldBeEmpty();

    [Fact]
    public void Control_in_floating_point_many_are_not()
    {
        Prices().Count(cents => InFloatingPoint(cents) != cents).ShouldBeGreaterThan(1_000);
        InFloatingPoint(1999).ShouldBe(1998);
    }

    [Theory]
    [InlineData("19.999")]
    [InlineData("0.001")]
    [InlineData("1e-3")]
    public void What_is_no_whole_number_of_cents_is_not_rounded(string json) =>
        Should.Throw<Exception>(() => JsonSerializer.Deserialize<decimal>(json, Options) is var price && Money.ToMinorUnits(price) is { } cents
            ? cents
            : throw new FormatException());

    /// <summary>All prices up to 10,000.00, and every 9,973rd (a prime) up to the highest that is allowed.</summary>
    private static IEnumerable<long> Prices()
    {
        for (var cents = 1L; cents <= 1_000_000; cents++)
            yield return cents;
        for (var cents = 1_000_000L; cents <= Maximum; cents += 9_973)
            yield return cents;
        yield return Maximum;
    }

    /// <summary>From JSON to cents, to JSON and to cents again.</summary>
    private static long? OnItsWay(long cents)
    {
        var read = Money.ToMinorUnits(JsonSerializer.Deserialize<decimal>(Text(cents), Options));
        var shown = JsonSerializer.Serialize(Money.FromMinorUnits(read ?? 0), Options);
        return shown == Text(cents) ? Money.ToMinorUnits(JsonSerializer.Deserialize<decimal>($"\"{shown}\"", Options)) : null;
    }

    private static long InFloatingPoint(long cents) => (long)(double.Parse(Text(cents), CultureInfo.InvariantCulture) * 100);

    private static string Text(long cents) => string.Create(CultureInfo.InvariantCulture, $"{cents / 100}.{cents % 100:00}");
}
